package dev.mayfly.journal;

import dev.mayfly.store.Change;
import dev.mayfly.store.CounterSource;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.MayflyException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts a store back: the entries of a snapshot, on several threads, then the changes after it in
 * their order. Verifies what it reads, and fails rather than load a part. Confined to one thread.
 */
final class Restore {
  private static final int LANES = 4;
  private static final long RANGE_MIN = 16_384;
  private static final int CHANGES_PER_STEP = 20_000;

  private final Database database;
  private final ChangeLog log;
  private final CounterLog counterLog;
  private final JournalSource source;
  private final CounterSource counters;
  private final RestoreProgress progress;
  private final AtomicLong loaded = new AtomicLong();
  private long revision;
  private long changes;
  private int partsLeft;

  Restore(
      Database database,
      ChangeLog log,
      CounterLog counterLog,
      JournalSource source,
      CounterSource counters,
      RestoreProgress progress) {
    this.database = database;
    this.log = log;
    this.counterLog = counterLog;
    this.source = source;
    this.counters = counters;
    this.progress = progress;
  }

  /** How many changes were replayed. */
  long changes() {
    return changes;
  }

  /**
   * Puts everything back.
   *
   * @param snapshot null: there is none
   * @param logToo whether what came after the snapshot counts as well
   * @return the revision of the store as it is now
   */
  long run(@Nullable SnapshotInfo snapshot, boolean logToo, long nowMillis) {
    try {
      // Leases before the keys that live on them.
      long counted = snapshot == null ? 0 : loadCounters(snapshot);
      if (logToo) {
        long after = snapshot == null ? 0 : snapshot.counterBlock();
        counterLog.replay(after, counters::replaceCounters);
      }
      if (snapshot != null) {
        load(snapshot, counted);
      }
      long first = snapshot == null ? 0 : snapshot.firstRevision();
      long completes = snapshot == null ? 0 : snapshot.revision();
      revision = first;
      if (logToo || completes > first) {
        replay(first, snapshot == null ? 0 : snapshot.id(), logToo ? Long.MAX_VALUE : completes);
      }
      if (revision < completes) {
        throw gap(revision, completes);
      }
      source.endRestore(nowMillis);
      return revision;
    } catch (SQLException e) {
      throw SqlErrors.failed("reading the journal", database.place(), e);
    } catch (MayflyException e) {
      throw new JournalException("the journal cannot be loaded: " + e.getMessage(), e);
    }
  }

  private long loadCounters(SnapshotInfo snapshot) throws SQLException {
    return new SnapshotReader(database, snapshot).counters(counters::restoreCounters);
  }

  private void load(SnapshotInfo snapshot, long counted) throws SQLException {
    SnapshotReader reader = new SnapshotReader(database, snapshot);
    long range = Math.max(RANGE_MIN, Math.ceilDiv(snapshot.entries(), LANES));
    long sum = counted;
    try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
      List<Future<Long>> sums = new ArrayList<>();
      for (long from = 0; from < snapshot.entries(); from += range) {
        long first = from;
        long end = Math.min(snapshot.entries(), from + range);
        sums.add(lanes.submit(() -> loadRange(reader, first, end, snapshot.entries())));
      }
      for (Future<Long> part : sums) {
        sum += await(part);
      }
    }
    if (loaded.get() != snapshot.entries() || sum != snapshot.checksum()) {
      throw new JournalException(
          "the journal is damaged: snapshot %d has %d entries of checksum %d, expected %d of %d;"
                  .formatted(
                      snapshot.id(), loaded.get(), sum, snapshot.entries(), snapshot.checksum())
              + " nothing was changed: restore a backup, or choose an older snapshot");
    }
  }

  private long loadRange(SnapshotReader reader, long first, long end, long all)
      throws SQLException {
    return reader.entries(
        first,
        end,
        page -> {
          source.restore(page);
          progress.onEntries(loaded.addAndGet(page.size()), all);
        });
  }

  private static long await(Future<Long> part) throws SQLException {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalException("loading was interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SQLException sql -> throw sql;
        case RuntimeException own -> throw own;
        case null, default -> throw new JournalException("loading failed", e);
      }
    }
  }

  private void replay(long after, long snapshot, long until) throws SQLException {
    long[] told = {0};
    log.read(
        after,
        snapshot,
        until,
        block -> {
          requireNext(block);
          List<Change> more = block.decode();
          source.replay(more);
          changes += more.size();
          if (changes - told[0] >= CHANGES_PER_STEP) {
            told[0] = changes;
            progress.onChanges(changes);
          }
        });
    if (partsLeft > 0) {
      throw gap(revision, revision + 1);
    }
  }

  /** Blocks follow each other without a gap, each with all of its parts. */
  private void requireNext(ChangeBlock head) {
    if (partsLeft == 0 ? head.after() != revision || head.part() != 0 : false) {
      throw gap(revision, head.after());
    }
    partsLeft = head.parts() - head.part() - 1;
    if (partsLeft == 0) {
      revision = head.revision();
    }
  }

  private static JournalException gap(long from, long to) {
    return new JournalException(
        "the journal is damaged: changes of revisions %d to %d are missing; nothing was changed:"
                .formatted(from + 1, to)
            + " restore a backup, or choose an older snapshot");
  }
}
