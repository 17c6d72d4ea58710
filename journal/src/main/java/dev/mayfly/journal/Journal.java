package dev.mayfly.journal;

import dev.mayfly.store.CounterSource;
import dev.mayfly.store.Durability;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one server: what it has on disk, and what goes on to be written.
 *
 * <p>Open it, give the engine {@link #firstRevision}, {@link #restore}, then {@link #start}; at the
 * end {@link #close} makes the last snapshot. Methods block on the database, unless their doc says
 * otherwise. Safe for concurrent use once it is started. It owns its threads, its connections and
 * the lock that keeps other processes away.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Journal.class.getName());

  private final JournalConfig config;
  private final Database database;
  private final JournalLock lock;
  private final ServerRow server;
  private final TimeSource time;
  private final Spans spans;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** How often it looks whether a snapshot is due, at most. */
  private static final long LOOK_MILLIS = 1_000;

  private long firstRevision;
  private long loggedBefore;
  private long loggedAtLast;
  private long restoredRevision;
  private boolean needsBase;
  private volatile boolean lost;
  private @Nullable ChangeWriter writer;
  private @Nullable SnapshotMaker maker;

  private Journal(
      JournalConfig config,
      Database database,
      JournalLock lock,
      ServerRow server,
      TimeSource time,
      Spans spans) {
    this.config = config;
    this.database = database;
    this.lock = lock;
    this.server = server;
    this.time = time;
    this.spans = spans;
  }

  /**
   * Opens a journal. What is there is not changed before {@link #start}, but for tables of an older
   * form, which are brought up to date.
   *
   * @param revisionByClock where revisions begin unless the journal has later ones
   * @param spans told of each snapshot
   * @throws JournalException when it cannot be used, or another process uses it
   */
  public static Journal open(
      JournalConfig config, TimeSource time, long revisionByClock, Spans spans) {
    Database database = null;
    JournalLock lock = null;
    try {
      boolean synced = config.mode() == JournalConfig.Mode.STRICT;
      if (config.place() instanceof JournalPlace.File file) {
        lock = JournalLock.ofFile(file.path());
      }
      database = Database.open(config.place(), synced, true);
      ServerRow server = ServerRow.find(database, config.name(), config.defaultName());
      if (lock == null) {
        lock = JournalLock.ofServer(database, server.name());
      }
      Journal journal = new Journal(config, database, lock, server, time, spans);
      // A snapshot may have come from another server, with later revisions.
      long begun =
          Math.max(server.reserved(), new Snapshots(database, server.id()).newestRevision());
      journal.firstRevision = Math.max(begun + 1, revisionByClock);
      return journal;
    } catch (SQLException | RuntimeException e) {
      if (database != null) {
        database.close();
      }
      if (lock != null) {
        lock.close();
      }
      throw e instanceof JournalException known ? known : SqlErrors.cannotOpen(config.place(), e);
    }
  }

  /** The first revision that the engine may give. */
  public long firstRevision() {
    return firstRevision;
  }

  /**
   * Loads what there is into an engine that was never used.
   *
   * @throws JournalException when it is damaged, or does not fit; the engine is of no use then
   */
  public RestoreReport restore(
      JournalSource source, CounterSource counted, CounterSource extras, RestoreProgress progress) {
    JointSource counters = new JointSource(counted, extras);
    long began = time.millis();
    try {
      ChangeLog log = new ChangeLog(database, server.id());
      CounterLog counterLog = new CounterLog(database, server.id());
      Snapshots snapshots = new Snapshots(database, server.id());
      List<SnapshotInfo> all = snapshots.list();
      boolean chosen = server.restoreFrom() != 0;
      SnapshotInfo from = null;
      if (!config.fresh()) {
        from =
            chosen ? snapshots.find(server.restoreFrom()) : all.stream().findFirst().orElse(null);
      }
      if (chosen && from == null && !config.fresh()) {
        throw new JournalException(
            "the journal is damaged: snapshot %d, chosen for this start, is not there; nothing was"
                    .formatted(server.restoreFrom())
                + " changed: restore a backup, or start with --fresh");
      }
      long changes = 0;
      restoredRevision = source.newestRevision();
      if (!config.fresh()) {
        Restore restore = new Restore(database, log, counterLog, source, counters, progress);
        restoredRevision = restore.run(from, !chosen, began);
        changes = restore.changes();
        loggedBefore = log.bytesAfter(from == null ? 0 : from.firstRevision());
      }
      needsBase = chosen || (config.fresh() && config.hasLog());
      if (chosen) {
        // What came after it stays in the log for a while: what comes now is no continuation of it.
        restoredRevision = Math.max(restoredRevision, firstRevision - 1);
      }
      CounterFeed feed = new CounterFeed(counters, counterLog, counterLog.newest());
      writer = new ChangeWriter(config, database, lock, server, source, feed, time);
      maker =
          new SnapshotMaker(config, database, server, writer, feed, source, counters, time, spans);
      maker.restored(from, changes == 0 && !chosen);
      long completed = all.isEmpty() ? 0 : all.getFirst().completedMillis();
      long logged = Math.max(log.newestMillis(), counterLog.newestMillis());
      long back = config.fresh() ? 0 : Math.max(0, Math.max(completed, logged) - began);
      return new RestoreReport(server.name(), from, changes, time.millis() - began, back);
    } catch (SQLException e) {
      throw SqlErrors.failed("reading the journal", database.place(), e);
    }
  }

  /**
   * Begins to write; from here on the engine may be used.
   *
   * @throws JournalException when the database does not take it
   */
  public void start() {
    ChangeWriter changes = writer();
    long reserved = firstRevision + ChangeWriter.RESERVED;
    try {
      server.reserve(database, reserved);
      if (config.fresh()) {
        maker().spare(new Snapshots(database, server.id()).seal(time.millis()));
      }
    } catch (SQLException e) {
      throw SqlErrors.failed("the first write to the journal", database.place(), e);
    }
    changes.start(restoredRevision, reserved);
    if (needsBase) {
      // What came after the chosen state must not be taken for its continuation.
      maker().makeBase();
    }
    if (!config.interval().isZero() || config.logBytesMax() > 0) {
      long began = time.millis();
      Thread.ofPlatform().daemon().name("mayfly-snapshot").start(() -> run(began));
    }
  }

  private void run(long beganMillis) {
    try {
      long made = beganMillis;
      while (!stopping.await(lookMillis(), TimeUnit.MILLISECONDS)) {
        long now = time.millis();
        if (isDue(now - made)) {
          made = now;
          makeIfChanged();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long lookMillis() {
    long interval = config.interval().toMillis();
    return interval == 0 ? LOOK_MILLIS : Math.clamp(interval, 1, LOOK_MILLIS);
  }

  private boolean isDue(long sinceMillis) {
    long interval = config.interval().toMillis();
    long logged = loggedBefore + writer().blockBytes();
    return (interval > 0 && sinceMillis >= interval)
        || (config.logBytesMax() > 0 && logged - loggedAtLast >= config.logBytesMax());
  }

  private void makeIfChanged() {
    long logged = loggedBefore + writer().blockBytes();
    try {
      maker().makeIfChanged();
    } catch (JournalException e) {
      LOG.log(Level.ERROR, e.getMessage());
    }
    // One that failed is tried again when as much has come, not at once.
    loggedAtLast = logged;
  }

  private ChangeWriter writer() {
    if (writer == null) {
      throw new IllegalStateException("the journal was not restored");
    }
    return writer;
  }

  private SnapshotMaker maker() {
    if (maker == null) {
      throw new IllegalStateException("the journal was not restored");
    }
    return maker;
  }

  /** The name of the server whose journal it is. */
  public String server() {
    return server.name();
  }

  /** Where it is. */
  public JournalPlace place() {
    return config.place();
  }

  /** What a crash cannot take back. Does not block. */
  public Durability durability() {
    return writer().durability();
  }

  /**
   * Makes a snapshot now.
   *
   * @throws JournalException when the database does not take it
   */
  public SnapshotInfo snapshot() {
    return maker().make();
  }

  /** The snapshots, for operators. */
  public SnapshotKeeper keeper() {
    return new JournalSnapshots(database, server.id(), maker(), time);
  }

  /** The complete snapshots, newest first. */
  public List<SnapshotInfo> snapshots() {
    try {
      return new Snapshots(database, server.id()).list();
    } catch (SQLException e) {
      throw SqlErrors.failed("listing the journal's snapshots", database.place(), e);
    }
  }

  /** What it did and how it is. Does not block. */
  public JournalStats stats() {
    ChangeWriter changes = writer();
    SnapshotMaker snapshots = maker();
    SnapshotInfo last = snapshots.last();
    return new JournalStats(
        changes.isAway(),
        changes.backlogBytes(),
        changes.durableRevision(),
        changes.lagMillis(),
        changes.blocks(),
        changes.blockBytes(),
        changes.failures(),
        snapshots.made(),
        snapshots.failed(),
        last == null ? 0 : last.completedMillis(),
        last == null ? 0 : last.completedMillis() - last.startedMillis(),
        last == null ? 0 : last.entries());
  }

  /** Waits until all that has changed by now is written, where there is a log. */
  public void flush() {
    writer().flush();
  }

  /** Lets everything go without writing any more: as if the process was killed. */
  void abandon() {
    stopping.countDown();
    ChangeWriter changes = writer;
    if (changes != null && changes.isStarted()) {
      changes.abandon();
    }
    try {
      lock.close();
    } finally {
      database.close();
    }
  }

  /** Whether the end came before everything could be written; known once it is closed. */
  public boolean hasLost() {
    return lost;
  }

  /** Makes the last snapshot if anything has changed, and lets everything go. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      if (writer != null && maker != null && writer.isStarted()) {
        finish(writer, maker);
      }
    } finally {
      // A session's lock is one of the pool's connections.
      try {
        lock.close();
      } finally {
        database.close();
      }
    }
  }

  private void finish(ChangeWriter changes, SnapshotMaker snapshots) {
    boolean whole = true;
    try {
      SnapshotInfo made = snapshots.makeIfChanged();
      if (made != null) {
        LOG.log(Level.INFO, "last snapshot", "id", made.id(), "entries", made.entries());
      }
    } catch (JournalException e) {
      whole = false;
      LOG.log(Level.ERROR, "no last snapshot: " + e.getMessage());
    }
    changes.stop();
    lost = !whole && (!config.hasLog() || changes.isAway());
    if (lost) {
      LOG.log(Level.ERROR, "what has changed since the last write is lost");
    }
    try {
      server.reserve(database, Math.max(firstRevision, changes.claimedRevision()));
    } catch (SQLException e) {
      // What was reserved before stays so: revisions rise all the same.
      LOG.log(Level.DEBUG, "could not give reserved revisions back", e);
    }
  }
}
