package dev.mayfly.journal;

import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lock;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a complete snapshot, some at a time. Safe for concurrent use; each call uses a
 * connection of its own.
 */
final class SnapshotReader {
  private static final int PAGE = 1_024;
  private static final long PAGE_BYTES = 1 << 20;

  /** What is rare is told by one number, since each column that is fetched costs its time. */
  private static final String ENTRIES =
      "SELECT id, key, value, revision, version, created, updated, deadline, lifespan_set,"
          + " CASE WHEN tracked <> 0 THEN 1 ELSE 0 END + CASE WHEN gone <> 0 THEN 2 ELSE 0 END"
          + " + CASE WHEN lease <> 0 THEN 4 ELSE 0 END"
          + " + CASE WHEN content_type IS NOT NULL THEN 8 ELSE 0 END, lease, content_type"
          + " FROM mayfly_snapshot_entries WHERE id >= ? AND id < ? ORDER BY id";

  private static final int TRACKED = 1;
  private static final int GONE = 2;
  private static final int LEASED = 4;
  private static final int TYPED = 8;

  private final Database database;
  private final SnapshotInfo info;

  SnapshotReader(Database database, SnapshotInfo info) {
    this.database = database;
    this.info = info;
  }

  /**
   * Reads the entries with these numbers.
   *
   * @param from from 0 on
   * @return the sum of their rows' checksums
   */
  long entries(long from, long to, Consumer<List<SavedEntry>> sink) throws SQLException {
    int rows = rowsPerPage();
    return database.read(
        connection -> {
          RowChecksum checksums = new RowChecksum();
          long sum = 0;
          for (long first = from; first < to; first += rows) {
            long end = Math.min(to, first + rows);
            try {
              Page page = new Page(sink, checksums);
              read(connection, first, end, page);
              page.pass();
              requireAll(page.rows, end - first);
              sum += page.sum;
            } catch (IllegalArgumentException e) {
              throw unreadable(e);
            }
          }
          return sum;
        });
  }

  /** Rows as they come, which are passed on before they take much memory. */
  private static final class Page {
    private final Consumer<List<SavedEntry>> sink;
    private final RowChecksum checksums;
    private final List<SavedEntry> entries = new ArrayList<>();
    private long bytes;
    private int rows;
    private long sum;

    Page(Consumer<List<SavedEntry>> sink, RowChecksum checksums) {
      this.sink = sink;
      this.checksums = checksums;
    }

    void add(SavedEntry entry) {
      rows++;
      sum += checksums.of(entry);
      entries.add(entry);
      bytes += entry.bytes();
      if (bytes >= PAGE_BYTES) {
        pass();
      }
    }

    void pass() {
      if (!entries.isEmpty()) {
        sink.accept(entries);
        entries.clear();
        bytes = 0;
      }
    }
  }

  /** What the rows have may be anything: the checksum is known when all of them were read. */
  private JournalException unreadable(IllegalArgumentException e) {
    return new JournalException(
        "the journal is damaged: rows of snapshot %d cannot be read (%s); nothing was"
                .formatted(info.id(), e.getMessage())
            + " changed: restore a backup, or choose an older snapshot",
        e);
  }

  private static <T> T there(@Nullable T column) {
    if (column == null) {
      throw new IllegalArgumentException("a column is empty");
    }
    return column;
  }

  /** Rows are numbered without a gap, so that nobody looks for what is not there. */
  private void requireAll(int found, long expected) {
    if (found != expected) {
      throw new JournalException(
          "the journal is damaged: rows of snapshot %d are missing (%d of %d found); nothing was"
                  .formatted(info.id(), found, expected)
              + " changed: restore a backup, or choose an older snapshot");
    }
  }

  /** Fewer where they are big, since a driver may keep a page in memory. */
  private int rowsPerPage() {
    long average = Math.max(1, info.bytes() / Math.max(1, info.entries()));
    return Math.clamp(PAGE_BYTES / average, 1, PAGE);
  }

  private void read(Connection connection, long from, long to, Page page) throws SQLException {
    long first = (info.id() << SnapshotWriter.ID_SHIFT) + from;
    long last = (info.id() << SnapshotWriter.ID_SHIFT) + to;
    Map<Long, List<PastValue>> history =
        info.history() == 0 ? Map.of() : history(connection, first, last);
    Map<Long, Lock> locks = info.locks() == 0 ? Map.of() : locks(connection, first, last);
    Map<Long, KeyMetrics> metrics =
        info.metrics() == 0 ? Map.of() : metrics(connection, first, last);
    boolean isPlain = history.isEmpty() && locks.isEmpty() && metrics.isEmpty();
    try (PreparedStatement statement = connection.prepareStatement(ENTRIES)) {
      statement.setLong(1, first);
      statement.setLong(2, last);
      statement.setFetchSize(rowsPerPage());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          long id = isPlain ? 0 : row.getLong(1);
          int rare = row.getInt(10);
          page.add(
              new SavedEntry(
                  there(row.getBytes(2)),
                  there(row.getBytes(3)),
                  row.getLong(4),
                  row.getLong(5),
                  row.getLong(6),
                  row.getLong(7),
                  row.getLong(8),
                  row.getLong(9),
                  (rare & LEASED) != 0 ? row.getLong(11) : 0,
                  (rare & TYPED) != 0 ? row.getString(12) : null,
                  (rare & TRACKED) != 0,
                  (rare & GONE) != 0,
                  locks.get(id),
                  metrics.get(id),
                  history.getOrDefault(id, List.of())));
        }
      }
    }
  }

  private static Map<Long, List<PastValue>> history(Connection connection, long from, long to)
      throws SQLException {
    Map<Long, List<PastValue>> all = new HashMap<>();
    Sql.list(
        connection,
        "SELECT entry, value, content_type, version, revision, time FROM mayfly_snapshot_history"
            + " WHERE entry >= ? AND entry < ? ORDER BY entry, version DESC",
        row ->
            all.computeIfAbsent(row.getLong(1), entry -> new ArrayList<>())
                .add(
                    new PastValue(
                        there(row.getBytes(2)),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6))),
        from,
        to);
    return all;
  }

  private static Map<Long, Lock> locks(Connection connection, long from, long to)
      throws SQLException {
    Map<Long, Lock> all = new HashMap<>();
    Sql.list(
        connection,
        "SELECT entry, owner, token, created, deadline FROM mayfly_snapshot_locks"
            + " WHERE entry >= ? AND entry < ?",
        row ->
            all.put(
                row.getLong(1),
                new Lock(there(row.getString(2)), row.getLong(3), row.getLong(4), row.getLong(5))),
        from,
        to);
    return all;
  }

  private static Map<Long, KeyMetrics> metrics(Connection connection, long from, long to)
      throws SQLException {
    Map<Long, KeyMetrics> all = new HashMap<>();
    Sql.list(
        connection,
        "SELECT entry, accesses, first_accessed, last_accessed, sets, first_set, last_set, locks,"
            + " first_locked, last_locked FROM mayfly_snapshot_metrics"
            + " WHERE entry >= ? AND entry < ?",
        row ->
            all.put(
                row.getLong(1),
                new KeyMetrics(
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getLong(8),
                    row.getLong(9),
                    row.getLong(10))),
        from,
        to);
    return all;
  }

  /** Reads all counters, as {@link #counters(long, long, Consumer)}. */
  long counters(Consumer<List<SavedCounter>> sink) throws SQLException {
    return counters(0, info.counters(), sink);
  }

  /**
   * Reads the counters with these numbers.
   *
   * @return the sum of their rows' checksums
   */
  long counters(long from, long to, Consumer<List<SavedCounter>> sink) throws SQLException {
    return database.read(
        connection -> {
          RowChecksum checksums = new RowChecksum();
          long sum = 0;
          long base = info.id() << SnapshotWriter.ID_SHIFT;
          for (long first = from; first < to; first += PAGE) {
            long end = Math.min(to, first + PAGE);
            try {
              List<SavedCounter> page = counters(connection, base + first, base + end);
              requireAll(page.size(), end - first);
              for (SavedCounter counter : page) {
                sum += checksums.of(counter);
              }
              sink.accept(page);
            } catch (IllegalArgumentException e) {
              throw unreadable(e);
            }
          }
          return sum;
        });
  }

  private static List<SavedCounter> counters(Connection connection, long from, long to)
      throws SQLException {
    return Sql.list(
        connection,
        "SELECT kind, namespace, key, rounded, buckets FROM mayfly_snapshot_counters"
            + " WHERE id >= ? AND id < ? ORDER BY id",
        row ->
            CounterText.decode(
                CounterText.kind(there(row.getString(1))),
                there(row.getBytes(2)),
                there(row.getBytes(3)),
                row.getInt(4) != 0,
                there(row.getString(5))),
        from,
        to);
  }
}
