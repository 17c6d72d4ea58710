package dev.mayfly.engine;

import dev.mayfly.store.TimeSource;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that ends events, paces and leases on time and lets memory fall again. It sleeps until
 * the next deadline, and for 20 ms at most, since nobody wakes it; whoever wants a sum ends what is
 * due himself.
 */
final class CounterMaintenance {
  private static final int RECORDS_PER_STEP = 128;
  private static final long SLEEP_MILLIS_MAX = 20;
  private static final long PAUSE_NANOS = 100_000;
  private static final long BUSY_NANOS = 2_000_000;
  private static final long COMPACTION_PAUSE_NANOS = 10_000_000;

  private final MemoryCounters counters;
  private final TimeSource time;
  private final EngineThread thread;
  private int first;
  private long compactedNanos;

  CounterMaintenance(MemoryCounters counters, TimeSource time) {
    this.counters = counters;
    this.time = time;
    thread = new EngineThread("mayfly-counters", time, this::round);
  }

  void stop() {
    thread.stop();
  }

  private void round() {
    boolean more = expire();
    compact();
    LockSupport.parkNanos(this, more ? PAUSE_NANOS : sleepNanos());
  }

  /** Works for a while, beginning with another shard each time; returns whether more is due. */
  private boolean expire() {
    CounterShard[] shards = counters.shards();
    long start = time.nanos();
    first = (first + 1) % shards.length;
    for (int i = 0; i < shards.length; i++) {
      CounterShard shard = shards[(first + i) % shards.length];
      long now = time.millis();
      while (shard.nextDue() <= now && shard.expire(now, RECORDS_PER_STEP)) {
        if (time.nanos() - start > BUSY_NANOS) {
          return true;
        }
      }
    }
    return false;
  }

  private void compact() {
    long now = time.nanos();
    if (now - compactedNanos > COMPACTION_PAUSE_NANOS) {
      compactedNanos = now;
      for (CounterShard shard : counters.shards()) {
        shard.compact();
      }
    }
  }

  private long sleepNanos() {
    long due = Long.MAX_VALUE;
    for (CounterShard shard : counters.shards()) {
      due = Math.min(due, shard.nextDue());
    }
    return Math.clamp(due - time.millis(), 1, SLEEP_MILLIS_MAX) * 1_000_000;
  }
}
