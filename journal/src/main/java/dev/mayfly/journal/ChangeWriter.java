package dev.mayfly.journal;

import dev.mayfly.store.ChangeCut;
import dev.mayfly.store.Durability;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.TimeSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread that writes changes as they come: ten times a second, or where it is strict as soon as
 * somebody waits for them. What has come meanwhile is written together, so that a commit serves all
 * who wait. It also keeps revisions reserved ahead of their use.
 *
 * <p>What the database does not take is kept and tried again; see {@link Outage} for what becomes
 * of writes meanwhile. Who waits for a strict journal is told after some seconds that their
 * revision is not durable.
 *
 * <p>Safe for concurrent use. It owns its thread.
 */
final class ChangeWriter {
  /** How many revisions are reserved ahead. */
  static final long RESERVED = 1L << 30;

  private static final Logger LOG = System.getLogger(ChangeWriter.class.getName());
  private static final long RELAXED_MILLIS = 100;
  private static final long STRICT_MILLIS = 10;
  private static final long GATHER_NANOS_MAX = 2_000_000;
  private static final long GATHER_PAUSE_NANOS = 200_000;
  private static final long LOCK_CHECK_MILLIS = 1_000;
  private static final long RESERVED_MIN = 1L << 24;

  private final JournalConfig config;
  private final Database database;
  private final JournalLock lock;
  private final ServerRow server;
  private final ChangeLog log;
  private final KeptConnection kept;
  private final CounterFeed counters;
  private final JournalSource source;
  private final TimeSource time;
  private final Outage outage;
  private final DurableWaiters waiters;
  private final Durability durability;
  private final ReentrantLock monitor = new ReentrantLock();
  private final Condition wanted = monitor.newCondition();
  private final Condition flushed = monitor.newCondition();

  // Guarded by monitor.
  private long flushesAsked;
  private long flushesDone;
  private boolean stopping;

  // Confined to the thread.
  private @Nullable Unwritten unwritten;
  private long reserved;
  private long lockCheckedMillis;
  private long commitNanos;

  private volatile boolean abandoned;
  private volatile long lastCut;
  private volatile long oldestWaitMillis;
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong blockBytes = new AtomicLong();
  private @Nullable Thread thread;

  ChangeWriter(
      JournalConfig config,
      Database database,
      JournalLock lock,
      ServerRow server,
      JournalSource source,
      CounterFeed counters,
      TimeSource time) {
    this.config = config;
    this.database = database;
    this.lock = lock;
    this.server = server;
    this.source = source;
    this.time = time;
    this.counters = counters;
    log = new ChangeLog(database, server.id());
    kept = new KeptConnection(database);
    outage = new Outage(config, source);
    waiters = new DurableWaiters(this::wake);
    durability =
        switch (config.mode()) {
          case SNAPSHOT -> Durability.NONE;
          case RELAXED ->
              new BacklogPace(source::recordedBytes, config.backlogMax(), outage::isOn, time);
          case STRICT -> new StrictDurability(source, waiters, outage, time);
        };
  }

  /**
   * Begins to write.
   *
   * @param lastCut the revision that the newest block ends with, or the snapshot without one
   * @param reserved up to where revisions are reserved
   */
  void start(long lastCut, long reserved) {
    this.lastCut = lastCut;
    this.reserved = reserved;
    waiters.advance(source.newestRevision());
    if (config.hasLog()) {
      counters.start();
      source.record(config.backlogMax(), true);
    }
    thread = Thread.ofPlatform().daemon().name("mayfly-journal").start(this::run);
  }

  /** Ends without writing what is left. */
  void abandon() {
    abandoned = true;
    stop();
  }

  /** Writes what is left, and ends. */
  void stop() {
    Thread running = thread;
    if (running == null) {
      return;
    }
    monitor.lock();
    try {
      stopping = true;
      wanted.signal();
    } finally {
      monitor.unlock();
    }
    boolean interrupted = false;
    while (running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until all that has changed by now is written.
   *
   * @return the revision that the newest block ends with
   * @throws JournalException when the database does not take it
   */
  long flush() {
    monitor.lock();
    try {
      long mine = ++flushesAsked;
      wanted.signal();
      while (flushesDone < mine && !outage.isOn() && !stopping) {
        flushed.await();
      }
      if (flushesDone < mine) {
        throw new JournalException("the journal at %s is away".formatted(database.place()));
      }
      return lastCut;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalException("interrupted", e);
    } finally {
      monitor.unlock();
    }
  }

  private void wake() {
    monitor.lock();
    try {
      wanted.signal();
    } finally {
      monitor.unlock();
    }
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        more = awaitWork();
        if (!abandoned) {
          workOnce();
        }
      }
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "the journal's thread failed: writes are refused from here on", e);
      outage.onEnd();
      tellFlushes(0);
    } finally {
      waiters.end();
      kept.close();
    }
  }

  /** Waits for the next round; returns whether there is to be another after it. */
  private boolean awaitWork() {
    monitor.lock();
    try {
      boolean away = outage.isOn();
      long pause = config.isStrict() ? STRICT_MILLIS : RELAXED_MILLIS;
      long left = TimeUnit.MILLISECONDS.toNanos(away ? outage.retryMillis() : pause);
      while (left > 0 && !stopping && (away || !isWanted())) {
        left = wanted.awaitNanos(left);
      }
      if (config.isStrict() && !away) {
        gather();
      }
      return !stopping;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      monitor.unlock();
    }
  }

  /**
   * Who was let go by the last commit often comes again at once: one commit for all of them costs
   * less than one for the first and one for the rest. As long as they come, and not for longer than
   * a commit takes.
   */
  private void gather() throws InterruptedException {
    long left = Math.min(commitNanos, GATHER_NANOS_MAX);
    int missing = waiters.missing();
    while (left > 0 && missing > 0 && !stopping && flushesAsked == flushesDone) {
      long pause = Math.min(left, GATHER_PAUSE_NANOS);
      left -= pause - Math.max(0, wanted.awaitNanos(pause));
      int now = waiters.missing();
      if (now == missing) {
        return;
      }
      missing = now;
    }
  }

  private boolean isWanted() {
    return flushesAsked > flushesDone || !waiters.isEmpty();
  }

  private void workOnce() {
    long now = time.millis();
    long asked = flushesAskedNow();
    try {
      if (now - lockCheckedMillis >= LOCK_CHECK_MILLIS || outage.isOn()) {
        lockCheckedMillis = now;
        lock.requireHeld();
      }
      reserve();
      if (config.hasLog()) {
        writeAll(now);
      }
      oldestWaitMillis = 0;
      outage.onSuccess();
      tellFlushes(asked);
    } catch (SQLException | JournalException e) {
      outage.onFailure(e, now, source.claimedRevision() > reserved - RESERVED_MIN);
      if (outage.isLong(now)) {
        waiters.giveUp(Outage.patienceOver(now));
      }
      tellFlushes(0);
    }
  }

  private long flushesAskedNow() {
    monitor.lock();
    try {
      return flushesAsked;
    } finally {
      monitor.unlock();
    }
  }

  /** What was asked for by then is done; 0: nothing, but that it is away is to be noticed. */
  private void tellFlushes(long asked) {
    monitor.lock();
    try {
      flushesDone = Math.max(flushesDone, asked);
      flushed.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  private void reserve() throws SQLException {
    long claimed = source.claimedRevision();
    if (claimed > reserved - RESERVED / 2) {
      server.reserve(database, claimed + RESERVED);
      reserved = claimed + RESERVED;
    }
  }

  /** What was taken and may not be written. */
  private record Unwritten(ChangeCut cut, @Nullable CounterBlock counters) {}

  private void writeAll(long nowMillis) throws SQLException {
    Unwritten again = unwritten;
    if (again != null) {
      write(again, true, nowMillis);
    }
    ChangeCut cut = source.cut();
    CounterBlock counted = counters.take(nowMillis);
    if (cut.isEmpty() && counted == null) {
      waiters.advance(cut.revision());
      return;
    }
    oldestWaitMillis = nowMillis;
    Unwritten taken = new Unwritten(cut, counted);
    unwritten = taken;
    write(taken, false, nowMillis);
  }

  private void write(Unwritten taken, boolean again, long nowMillis) throws SQLException {
    long began = time.nanos();
    boolean logged = !taken.cut.isEmpty();
    long bytes =
        kept.write(
            () ->
                (logged ? log.write(kept, taken.cut, lastCut, again, nowMillis) : 0)
                    + counters.write(kept, taken.counters));
    commitNanos = time.nanos() - began;
    if (logged) {
      lastCut = taken.cut.revision();
      blocks.incrementAndGet();
    }
    counters.onWritten(taken.counters);
    unwritten = null;
    blockBytes.addAndGet(bytes);
    waiters.advance(taken.cut.revision());
  }

  /** What answers wait for. */
  Durability durability() {
    return durability;
  }

  /** No call that has returned made a later revision. */
  long claimedRevision() {
    return source.claimedRevision();
  }

  /** Whether the database does not take what is written. */
  boolean isAway() {
    return outage.isOn();
  }

  boolean isStarted() {
    return thread != null;
  }

  long backlogBytes() {
    return config.hasLog() ? source.recordedBytes() : 0;
  }

  long durableRevision() {
    return waiters.durable();
  }

  long lagMillis() {
    long since = outage.isOn() ? outage.sinceMillis() : oldestWaitMillis;
    return since == 0 ? 0 : Math.max(0, time.millis() - since);
  }

  long blocks() {
    return blocks.get();
  }

  long blockBytes() {
    return blockBytes.get();
  }

  long failures() {
    return outage.failures();
  }
}
