package dev.mayfly.journal;

import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lock;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one snapshot, in transactions of some rows each; until {@link #complete} nobody takes it
 * for one. Confined to one thread.
 */
final class SnapshotWriter {
  /** An entry's id is its snapshot's shifted by this, and its number. */
  static final int ID_SHIFT = 40;

  private static final String HISTORY =
      "INSERT INTO mayfly_snapshot_history (entry, version, revision, time, content_type, value)"
          + " VALUES (?,?,?,?,?,?)";
  private static final String LOCK =
      "INSERT INTO mayfly_snapshot_locks (entry, owner, token, created, deadline)"
          + " VALUES (?,?,?,?,?)";
  private static final String METRICS =
      "INSERT INTO mayfly_snapshot_metrics (entry, accesses, first_accessed, last_accessed, sets,"
          + " first_set, last_set, locks, first_locked, last_locked) VALUES (?,?,?,?,?,?,?,?,?,?)";
  private static final String COUNTER =
      "INSERT INTO mayfly_snapshot_counters (id, snapshot, kind, namespace, key, rounded, total,"
          + " buckets) VALUES (?,?,?,?,?,?,?,?)";

  private final Database database;
  private final long id;
  private final RowChecksum checksums = new RowChecksum();
  private long entries;
  private long history;
  private long locks;
  private long metrics;
  private long counters;
  private long bytes;
  private long checksum;

  private SnapshotWriter(Database database, long id) {
    this.database = database;
    this.id = id;
  }

  /** Begins a snapshot of a server. */
  static SnapshotWriter begin(Database database, long server, long firstRevision, long nowMillis)
      throws SQLException {
    return database.write(
        connection -> {
          long id =
              Sql.insert(
                  connection,
                  "INSERT INTO mayfly_snapshots (server, complete, started, completed,"
                      + " first_revision, revision, entries, history, locks, metrics, counters,"
                      + " bytes, checksum) VALUES (?,0,?,0,?,0,0,0,0,0,0,0,0)",
                  server,
                  nowMillis,
                  firstRevision);
          SnapshotMark.put(connection, id);
          return new SnapshotWriter(database, id);
        });
  }

  long id() {
    return id;
  }

  long entries() {
    return entries;
  }

  long counters() {
    return counters;
  }

  long checksum() {
    return checksum;
  }

  /** Adds changes that complete it, which are in no log of this place. */
  void addChanges(ChangeBlock block) throws SQLException {
    database.write(connection -> ChangeLog.insertOwn(connection, id, List.of(block)));
  }

  void addEntries(List<SavedEntry> more) throws SQLException {
    database.write(
        connection -> {
          try (Rows rows = new Rows(connection)) {
            for (SavedEntry entry : more) {
              rows.add(entry, (id << ID_SHIFT) + entries++);
            }
            rows.execute();
          }
          return more.size();
        });
  }

  /** The statements of one transaction; those that are rare are made when they are needed. */
  private final class Rows implements AutoCloseable {
    private final Connection connection;
    private final @Nullable PreparedStatement[] entry = new PreparedStatement[EntryInsert.SHAPES];
    private @Nullable PreparedStatement past;
    private @Nullable PreparedStatement lock;
    private @Nullable PreparedStatement use;

    Rows(Connection connection) {
      this.connection = connection;
    }

    void add(SavedEntry saved, long row) throws SQLException {
      int shape = EntryInsert.shape(saved);
      PreparedStatement into = entry[shape];
      if (into == null) {
        into = connection.prepareStatement(EntryInsert.sql(shape, id));
        entry[shape] = into;
      }
      EntryInsert.bind(into, shape, row, saved);
      into.addBatch();
      for (PastValue version : saved.history()) {
        addPast(version, row);
      }
      if (saved.lock() != null) {
        addLock(saved.lock(), row);
      }
      if (saved.metrics() != null) {
        addUse(saved.metrics(), row);
      }
      bytes += saved.key().length + saved.value().length;
      checksum += checksums.of(saved);
    }

    private void addPast(PastValue version, long row) throws SQLException {
      PreparedStatement into = past;
      if (into == null) {
        into = connection.prepareStatement(HISTORY);
        past = into;
      }
      into.setLong(1, row);
      into.setLong(2, version.version());
      into.setLong(3, version.revision());
      into.setLong(4, version.timeMillis());
      Sql.text(into, 5, version.contentType());
      into.setBytes(6, version.value());
      into.addBatch();
      history++;
      bytes += version.value().length;
    }

    private void addLock(Lock held, long row) throws SQLException {
      PreparedStatement into = lock;
      if (into == null) {
        into = connection.prepareStatement(LOCK);
        lock = into;
      }
      into.setLong(1, row);
      into.setString(2, held.owner());
      into.setLong(3, held.token());
      into.setLong(4, held.createdMillis());
      into.setLong(5, held.deadlineMillis());
      into.addBatch();
      locks++;
    }

    private void addUse(KeyMetrics known, long row) throws SQLException {
      PreparedStatement into = use;
      if (into == null) {
        into = connection.prepareStatement(METRICS);
        use = into;
      }
      into.setLong(1, row);
      into.setLong(2, known.accessCount());
      into.setLong(3, known.firstAccessedMillis());
      into.setLong(4, known.lastAccessedMillis());
      into.setLong(5, known.setCount());
      into.setLong(6, known.firstSetMillis());
      into.setLong(7, known.lastSetMillis());
      into.setLong(8, known.lockCount());
      into.setLong(9, known.firstLockedMillis());
      into.setLong(10, known.lastLockedMillis());
      into.addBatch();
      metrics++;
    }

    void execute() throws SQLException {
      for (PreparedStatement each : all()) {
        each.executeBatch();
      }
    }

    private List<PreparedStatement> all() {
      return Stream.concat(Stream.of(entry), Stream.of(past, lock, use))
          .<PreparedStatement>mapMulti(
              (each, sink) -> {
                if (each != null) {
                  sink.accept(each);
                }
              })
          .toList();
    }

    @Override
    public void close() throws SQLException {
      for (PreparedStatement each : all()) {
        each.close();
      }
    }
  }

  void addCounters(List<SavedCounter> more) throws SQLException {
    database.write(
        connection -> {
          try (PreparedStatement into = connection.prepareStatement(COUNTER)) {
            for (SavedCounter counter : more) {
              into.setLong(1, (id << ID_SHIFT) + counters++);
              into.setLong(2, id);
              into.setString(3, CounterText.kind(counter.kind()));
              into.setBytes(4, counter.namespace());
              into.setBytes(5, counter.key());
              into.setInt(6, counter.rounded() ? 1 : 0);
              into.setLong(7, counter.sum());
              into.setString(8, CounterText.encode(counter));
              into.addBatch();
              checksum += checksums.of(counter);
            }
            into.executeBatch();
          }
          return more.size();
        });
  }

  /**
   * Makes it count, in the same moment as whatever else is to change with it.
   *
   * @param also done before the row is marked
   */
  void complete(long revision, long counterBlock, long nowMillis, Database.Work<?> also)
      throws SQLException {
    database.write(
        connection -> {
          int rows =
              Sql.update(
                  connection,
                  "UPDATE mayfly_snapshots SET complete = 1, completed = ?, revision = ?, entries ="
                      + " ?, history = ?, locks = ?, metrics = ?, counters = ?, bytes = ?, checksum"
                      + " = ?, counter_block = ? WHERE id = ?",
                  nowMillis,
                  revision,
                  entries,
                  history,
                  locks,
                  metrics,
                  counters,
                  bytes,
                  checksum,
                  counterBlock,
                  id);
          if (rows == 0) {
            throw new JournalException("snapshot %d is not there any more".formatted(id));
          }
          Object done = also.run(connection);
          SnapshotMark.put(connection, id);
          return done;
        });
  }
}
