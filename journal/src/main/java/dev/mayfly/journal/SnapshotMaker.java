package dev.mayfly.journal;

import dev.mayfly.store.ChangeCut;
import dev.mayfly.store.CounterSource;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import dev.mayfly.store.Span;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes snapshots, one at a time. Entries are copied while writes go on; the changes of meanwhile
 * complete them: with a log those in the log, else they are recorded for that time and kept with
 * the snapshot. So memory for it is a page of entries and what changes while it is written.
 *
 * <p>Safe for concurrent use; callers wait for each other.
 */
final class SnapshotMaker {
  private static final int PAGE = 2_048;
  private static final long PAGE_BYTES = 4 << 20;

  private final JournalConfig config;
  private final Database database;
  private final ServerRow server;
  private final ChangeWriter writer;
  private final CounterFeed feed;
  private final ChangeLog log;
  private final Snapshots snapshots;
  private final JournalSource source;
  private final CounterSource counters;
  private final TimeSource time;
  private final Spans spans;
  private long doneRevision = -1;
  private long doneTicks = -1;
  private long spared;
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile @Nullable SnapshotInfo last;

  SnapshotMaker(
      JournalConfig config,
      Database database,
      ServerRow server,
      ChangeWriter writer,
      CounterFeed feed,
      JournalSource source,
      CounterSource counters,
      TimeSource time,
      Spans spans) {
    this.config = config;
    this.database = database;
    this.server = server;
    this.writer = writer;
    this.feed = feed;
    this.source = source;
    this.counters = counters;
    this.time = time;
    this.spans = spans;
    log = new ChangeLog(database, server.id());
    snapshots = new Snapshots(database, server.id());
  }

  long made() {
    return made.get();
  }

  long failed() {
    return failed.get();
  }

  @Nullable SnapshotInfo last() {
    return last;
  }

  /** Leaves this snapshot and those before it for as long as this process runs. */
  synchronized void spare(long id) {
    spared = id;
  }

  /** A store that is what this snapshot and the log have is unchanged as long as it stays so. */
  synchronized void restored(@Nullable SnapshotInfo newest, boolean unchanged) {
    last = newest;
    if (newest != null && unchanged) {
      doneRevision = source.claimedRevision();
      doneTicks = counters.changes();
    }
  }

  /** Makes a snapshot, unless nothing has changed since the last one. */
  synchronized @Nullable SnapshotInfo makeIfChanged() {
    boolean changed = source.claimedRevision() != doneRevision || counters.changes() != doneTicks;
    return changed ? make() : null;
  }

  /**
   * Makes a snapshot.
   *
   * @throws JournalException when the database does not take it; nothing of it counts then
   */
  synchronized SnapshotInfo make() {
    return make(false);
  }

  /** Makes the snapshot that a store begins anew with: a choice for the start was followed. */
  synchronized SnapshotInfo makeBase() {
    return make(true);
  }

  private SnapshotInfo make(boolean base) {
    long startNanos = time.nanos();
    try {
      SnapshotInfo info = makeUntold(base);
      tell(startNanos, Map.of("id", info.id(), "entries", info.entries()), null);
      return info;
    } catch (JournalException e) {
      tell(startNanos, Map.of(), e.getMessage());
      throw e;
    }
  }

  private void tell(long startNanos, Map<String, Object> attributes, @Nullable String error) {
    spans.onEnd(Span.own("snapshot", time.nanos() - startNanos, attributes, error));
  }

  private SnapshotInfo makeUntold(boolean base) {
    try {
      SnapshotInfo info = write(base);
      last = info;
      made.incrementAndGet();
      snapshots.retain(config.keep(), spared);
      return info;
    } catch (SQLException e) {
      failed.incrementAndGet();
      throw SqlErrors.failed("the journal's snapshot", database.place(), e);
    } catch (MayflyException | JournalException e) {
      failed.incrementAndGet();
      throw new JournalException("the snapshot was given up: " + e.getMessage(), e);
    }
  }

  private SnapshotInfo write(boolean base) throws SQLException {
    boolean logged = config.hasLog();
    long ticks = counters.changes();
    long claimed = source.claimedRevision();
    long started = time.millis();
    long first = logged ? writer.flush() : source.newestRevision();
    SnapshotWriter into = SnapshotWriter.begin(database, server.id(), first, started);
    Own own = logged ? null : new Own(into.id(), first);
    try {
      if (own != null) {
        source.record(config.backlogMax(), false);
      }
      copyEntries(into, own);
      long revision = own == null ? writer.flush() : own.cut();
      // After the changes: whatever lease they speak of is there by now, or has ended.
      long counterBlock = feed.newest();
      copyCounters(into);
      into.complete(
          revision,
          counterBlock,
          time.millis(),
          connection -> base ? ServerRow.restoreFrom(connection, server.id(), 0) : 0);
    } finally {
      if (own != null) {
        source.endRecording();
      }
    }
    doneRevision = claimed;
    doneTicks = ticks;
    SnapshotInfo info = snapshots.find(into.id());
    if (info == null) {
      throw new JournalException("snapshot %d is not there any more".formatted(into.id()));
    }
    return info;
  }

  /** The changes that are recorded for one snapshot alone. */
  private final class Own {
    private final long snapshot;
    private long last;

    Own(long snapshot, long first) {
      this.snapshot = snapshot;
      last = first;
    }

    long cut() throws SQLException {
      ChangeCut cut = source.cut();
      if (!cut.isEmpty()) {
        log.writeOwn(cut, last, snapshot, time.millis());
        last = cut.revision();
      }
      return last;
    }
  }

  private void copyEntries(SnapshotWriter into, @Nullable Own own) throws SQLException {
    List<SavedEntry> page = new ArrayList<>(PAGE);
    long cursor = JournalSource.START;
    long bytes = 0;
    int counted = 0;
    do {
      cursor = source.save(cursor, PAGE - page.size(), page);
      for (; counted < page.size(); counted++) {
        bytes += page.get(counted).bytes();
      }
      boolean full = page.size() >= PAGE || bytes >= PAGE_BYTES;
      if (!page.isEmpty() && (full || cursor == JournalSource.END)) {
        into.addEntries(page);
        page.clear();
        bytes = 0;
        counted = 0;
        if (own != null) {
          own.cut();
        }
      }
    } while (cursor != JournalSource.END);
  }

  private void copyCounters(SnapshotWriter into) throws SQLException {
    List<SavedCounter> page = new ArrayList<>();
    long cursor = CounterSource.START;
    while (cursor != CounterSource.END) {
      cursor = counters.saveCounters(cursor, PAGE, page);
      if (page.size() >= PAGE || (cursor == CounterSource.END && !page.isEmpty())) {
        into.addCounters(page);
        page.clear();
      }
    }
  }
}
