package dev.mayfly.engine;

import dev.mayfly.store.TimeSource;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that ends lifespans and locks on time, and grows, shrinks and compacts the shards in
 * small steps. It sleeps until the next deadline and is woken where an earlier one comes up.
 *
 * <p>No wake-up is lost: before it looks for the next deadline it declares that every deadline is
 * to wake it, and only then what it found; a writer whose deadline has become a shard's earliest
 * looks at that declaration after the deadline can be seen, as its {@link Alarm} told it to. A
 * fence on either side keeps the two in this order. All methods are safe for concurrent use, {@link
 * #runOnce} by one thread at a time.
 */
final class Maintenance {
  private static final int ENTRIES_PER_STEP = 128;
  private static final long BUSY_NANOS = 2_000_000;
  private static final long SLEEP_MILLIS_MAX = 50;
  private static final long PAUSE_NANOS = 200_000;
  private static final long COMPACTION_PAUSE_MILLIS = 10;
  private static final long URGENT_COMPACTION_PAUSE_MILLIS = 3;

  private final ShardSet shards;
  private final TimeSource time;
  private volatile long sleepingUntil = Long.MIN_VALUE;
  private int first;
  private long compactedNanos;
  private long compactionPauseMillis = SLEEP_MILLIS_MAX;
  private @Nullable EngineThread thread;

  Maintenance(ShardSet shards, TimeSource time) {
    this.shards = shards;
    this.time = time;
  }

  void start() {
    thread = new EngineThread("mayfly-maintenance", time, this::round);
  }

  void stop() {
    EngineThread running = thread;
    if (running != null) {
      running.stop();
    }
  }

  /** A shard was written to: its next deadline may have become an earlier one. */
  void noticeWork(Shard shard) {
    if (!shard.alarm().take()) {
      return;
    }
    VarHandle.fullFence();
    EngineThread running = thread;
    if (shards.steps(shard.parts().number()).nextDue() < sleepingUntil && running != null) {
      running.wake();
    }
  }

  private void round() {
    sleepingUntil = Long.MIN_VALUE;
    boolean more = runFor(BUSY_NANOS);
    compact();
    if (more) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
    } else {
      sleep();
    }
  }

  private void sleep() {
    sleepingUntil = Long.MAX_VALUE;
    VarHandle.fullFence();
    long now = time.millis();
    long due = Math.min(nextDue(), now + compactionPauseMillis);
    sleepingUntil = due;
    if (due > now) {
      LockSupport.parkNanos(this, (due - now) * 1_000_000);
    }
  }

  private long nextDue() {
    long due = Long.MAX_VALUE;
    for (int i = 0; i < shards.count(); i++) {
      due = Math.min(due, shards.steps(i).nextDue());
    }
    return due;
  }

  /** Does all that is due now; returns whether anything was left to do. */
  boolean runOnce() {
    boolean more = runFor(Long.MAX_VALUE);
    for (int i = 0; i < shards.count(); i++) {
      while (shards.steps(i).compact()) {
        more = true;
      }
    }
    return more;
  }

  /**
   * Ends what is past, which counts against the limits as long as it is there: some in each shard,
   * and more until so many new keys find room. For whoever holds no shard's lock; safe on any
   * thread.
   *
   * @return whether any key is gone
   */
  boolean endPast(int places, long nowMillis) {
    boolean ended = false;
    for (int i = 0; i < shards.count(); i++) {
      int gone;
      do {
        gone = shards.steps(i).endPast(nowMillis, ENTRIES_PER_STEP);
        ended |= gone > 0;
      } while (gone > 0 && !shards.hasRoomFor(places));
    }
    return ended;
  }

  /**
   * Expiry first, on every shard, then the rest; each step holds one shard's lock. Begins with
   * another shard each time, so that none starves when the time is up.
   */
  private boolean runFor(long nanosMax) {
    long start = time.nanos();
    boolean more = false;
    first = (first + 1) % shards.count();
    for (int i = 0; i < shards.count(); i++) {
      more |= expire(shards.steps((first + i) % shards.count()), start, nanosMax);
    }
    for (int i = 0; i < shards.count(); i++) {
      more |= tidy(shards.steps((first + i) % shards.count()), start, nanosMax);
    }
    return more;
  }

  /**
   * One step of compaction in each shard, if the last one is long enough ago: compaction saves
   * memory for later and must not take time from the requests of now.
   */
  private void compact() {
    long now = time.nanos();
    if (now - compactedNanos < compactionPauseMillis * 1_000_000) {
      return;
    }
    compactedNanos = now;
    compactionPauseMillis = SLEEP_MILLIS_MAX;
    for (int i = 0; i < shards.count(); i++) {
      if (shards.steps(i).compact()) {
        boolean urgent = shards.steps(i).wastesVeryMuch();
        long pause = urgent ? URGENT_COMPACTION_PAUSE_MILLIS : COMPACTION_PAUSE_MILLIS;
        compactionPauseMillis = Math.min(compactionPauseMillis, pause);
      }
    }
  }

  private boolean expire(ShardSteps steps, long start, long nanosMax) {
    long now = time.millis();
    while (steps.nextDue() <= now && steps.expire(now, ENTRIES_PER_STEP)) {
      if (time.nanos() - start >= nanosMax) {
        return true;
      }
      now = time.millis();
    }
    return false;
  }

  private boolean tidy(ShardSteps steps, long start, long nanosMax) {
    while (steps.tidy()) {
      if (time.nanos() - start >= nanosMax) {
        return true;
      }
    }
    return false;
  }
}
