package dev.mayfly.journal;

import dev.mayfly.store.ChangeCut;
import dev.mayfly.store.Durability;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TimeSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
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
 * <p>When the database does not take them, it keeps what it has taken and tries again, and what
 * comes meanwhile waits in the engine, which refuses writes when that is too much. A strict journal
 * refuses writes at once; who waits is told after some seconds that their revision is not durable.
 *
 * <p>Safe for concurrent use. It owns its thread.
 */
final class ChangeWriter implements Durability {
  /** How many revisions are reserved ahead. */
  static final long RESERVED = 1L << 30;

  private static final Logger LOG = System.getLogger(ChangeWriter.class.getName());
  private static final long RELAXED_MILLIS = 100;
  private static final long STRICT_MILLIS = 10;
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 2_000;
  private static final long GIVE_UP_MILLIS = 5_000;
  private static final long LOCK_CHECK_MILLIS = 1_000;
  private static final long RESERVED_MIN = 1L << 24;

  private final JournalConfig config;
  private final Database database;
  private final JournalLock lock;
  private final ServerRow server;
  private final ChangeLog log;
  private final CounterFeed counters;
  private final JournalSource source;
  private final TimeSource time;
  private final ReentrantLock monitor = new ReentrantLock();
  private final Condition wanted = monitor.newCondition();
  private final Condition flushed = monitor.newCondition();

  // Guarded by monitor.
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
  private long flushesAsked;
  private long flushesDone;
  private boolean stopping;
  private boolean ended;

  // Confined to the thread.
  private @Nullable Unwritten unwritten;
  private long reserved;
  private long retryMillis = RETRY_MILLIS_MIN;
  private long lockCheckedMillis;

  private volatile long awaySinceMillis;
  private final ThreadLocal<long[]> seen = ThreadLocal.withInitial(() -> new long[1]);
  private volatile boolean abandoned;
  private volatile long lastCut;
  private volatile long durable;
  private volatile boolean away;
  private volatile long oldestWaitMillis;
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong blockBytes = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
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
  }

  private record Waiting(long revision, Runnable callback, long sinceMillis)
      implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      return Long.compare(revision, other.revision);
    }
  }

  private boolean hasLog() {
    return config.mode() != JournalConfig.Mode.SNAPSHOT;
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
    durable = source.newestRevision();
    if (hasLog()) {
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
      while (flushesDone < mine && !away && !stopping) {
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
      refuse("the journal has failed");
      away = true;
      wake();
    } finally {
      letGo(true, 0);
    }
  }

  /** Waits for the next round; returns whether there is to be another after it. */
  private boolean awaitWork() {
    monitor.lock();
    try {
      long millis = config.mode() == JournalConfig.Mode.STRICT ? STRICT_MILLIS : RELAXED_MILLIS;
      long left = TimeUnit.MILLISECONDS.toNanos(away ? retryMillis : millis);
      while (left > 0 && !stopping && (away || !isWanted())) {
        left = wanted.awaitNanos(left);
      }
      return !stopping;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      monitor.unlock();
    }
  }

  private boolean isWanted() {
    return flushesAsked > flushesDone || !waiting.isEmpty();
  }

  private void workOnce() {
    long now = time.millis();
    long asked = flushesAskedNow();
    try {
      if (now - lockCheckedMillis >= LOCK_CHECK_MILLIS || away) {
        lockCheckedMillis = now;
        lock.requireHeld();
      }
      reserve();
      if (hasLog()) {
        writeAll(now);
      }
      onWritten(asked);
    } catch (SQLException | JournalException e) {
      onFailure(e, now);
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
      advance(cut.revision());
      return;
    }
    oldestWaitMillis = nowMillis;
    Unwritten taken = new Unwritten(cut, counted);
    unwritten = taken;
    write(taken, false, nowMillis);
  }

  private void write(Unwritten taken, boolean again, long nowMillis) throws SQLException {
    CounterBlock counted = taken.counters;
    Database.Work<Long> also = connection -> counters.write(connection, counted);
    long bytes;
    if (taken.cut.isEmpty()) {
      bytes = database.write(also);
    } else {
      bytes = log.write(taken.cut, lastCut, again, nowMillis, also);
      lastCut = taken.cut.revision();
      blocks.incrementAndGet();
    }
    counters.onWritten(counted);
    unwritten = null;
    blockBytes.addAndGet(bytes);
    advance(taken.cut.revision());
  }

  private void advance(long revision) {
    List<Runnable> due = new ArrayList<>();
    monitor.lock();
    try {
      durable = revision;
      while (!waiting.isEmpty() && waiting.peek().revision <= revision) {
        due.add(waiting.remove().callback);
      }
    } finally {
      monitor.unlock();
    }
    due.forEach(ChangeWriter::call);
  }

  private static void call(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a reply that waited for the journal failed", e);
    }
  }

  private void onWritten(long asked) {
    oldestWaitMillis = 0;
    if (away) {
      LOG.log(Level.WARNING, "the journal's database is back: nothing was lost");
      retryMillis = RETRY_MILLIS_MIN;
      source.refuseWrites(null);
    }
    monitor.lock();
    try {
      away = false;
      flushesDone = Math.max(flushesDone, asked);
      flushed.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  private void onFailure(Exception e, long nowMillis) {
    failures.incrementAndGet();
    if (!away) {
      awaySinceMillis = nowMillis;
      LOG.log(
          Level.ERROR,
          "the journal's database does not take changes: " + SqlErrors.reason(e),
          "place",
          database.place());
    } else {
      retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX);
    }
    boolean strict = config.mode() == JournalConfig.Mode.STRICT;
    boolean full = hasLog() && source.recordedBytes() > config.backlogMax();
    boolean spent = source.claimedRevision() > reserved - RESERVED_MIN;
    if (strict || spent || (full && nowMillis - awaySinceMillis > GIVE_UP_MILLIS)) {
      refuse("the journal's database is away");
    }
    // Only now: who sees it may rely on writes being refused.
    away = true;
    if (nowMillis - awaySinceMillis >= GIVE_UP_MILLIS) {
      letGo(false, nowMillis);
    }
    wake();
  }

  private void refuse(String why) {
    source.refuseWrites(new MayflyException(ErrorCode.UNAVAILABLE, why));
  }

  /** Lets those go who have waited for long: their revision is not durable, and they see it. */
  private void letGo(boolean everyone, long nowMillis) {
    List<Runnable> late = new ArrayList<>();
    monitor.lock();
    try {
      ended |= everyone;
      waiting.removeIf(
          each -> {
            boolean over = everyone || nowMillis - each.sinceMillis >= GIVE_UP_MILLIS;
            if (over) {
              late.add(each.callback);
            }
            return over;
          });
    } finally {
      monitor.unlock();
    }
    late.forEach(ChangeWriter::call);
  }

  private void wake() {
    monitor.lock();
    try {
      flushed.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  @Override
  public boolean isStrict() {
    return config.mode() == JournalConfig.Mode.STRICT;
  }

  @Override
  public long revision() {
    return source.claimedRevision();
  }

  @Override
  public boolean isDurable(long revision) {
    return !isStrict() || revision <= durable;
  }

  @Override
  public void onDurable(long revision, Runnable callback) {
    if (!isDurable(revision)) {
      monitor.lock();
      try {
        long now = time.millis();
        boolean givenUp = away && now - awaySinceMillis >= GIVE_UP_MILLIS;
        if (revision > durable && !ended && !givenUp) {
          waiting.add(new Waiting(revision, callback, now));
          wanted.signal();
          return;
        }
      } finally {
        monitor.unlock();
      }
    }
    callback.run();
  }

  @Override
  public void see(long revision) {
    long[] mine = seen.get();
    mine[0] = Math.max(mine[0], revision);
  }

  @Override
  public void seeAbsent(byte[] key) {
    see(source.removedRevision(key));
  }

  @Override
  public long seen() {
    long[] mine = seen.get();
    long newest = mine[0];
    mine[0] = 0;
    return newest;
  }

  /** Whether the database takes what is written. */
  boolean isAway() {
    return away;
  }

  boolean isStarted() {
    return thread != null;
  }

  long backlogBytes() {
    return hasLog() ? source.recordedBytes() : 0;
  }

  long durableRevision() {
    return durable;
  }

  long lagMillis() {
    long since = away ? awaySinceMillis : oldestWaitMillis;
    return since == 0 ? 0 : Math.max(0, time.millis() - since);
  }

  long blocks() {
    return blocks.get();
  }

  long blockBytes() {
    return blockBytes.get();
  }

  long failures() {
    return failures.get();
  }
}
