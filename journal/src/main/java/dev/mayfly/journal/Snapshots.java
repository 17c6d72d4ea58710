package dev.mayfly.journal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which snapshots of one server there are, and how they go. Safe for concurrent use. */
final class Snapshots {
  private static final int ROWS_PER_DELETE = 10_000;
  private static final int BLOCKS_PER_DELETE = 32;
  private static final String COLUMNS =
      "SELECT s.id, v.name, s.started, s.completed, s.first_revision, s.revision, s.entries,"
          + " s.history, s.locks, s.metrics, s.counters, s.bytes, s.checksum,"
          + " s.counter_block"
          + " FROM mayfly_snapshots s JOIN mayfly_servers v ON v.id = s.server";

  /** Blocks of the log, but for what comes before the end of those that the snapshot has. */
  private static final String GIVE =
      "INSERT INTO mayfly_snapshot_changes (snapshot, last_revision, part, parts, first_revision,"
          + " changes, written, checksum, data) SELECT ?, last_revision, part, parts,"
          + " first_revision, changes, written, checksum, data FROM mayfly_changes"
          + " WHERE server = ? AND last_revision > ? AND first_revision >= COALESCE((SELECT"
          + " MAX(last_revision) FROM mayfly_snapshot_changes WHERE snapshot = ?), 0)";

  private final Database database;
  private final long server;

  Snapshots(Database database, long server) {
    this.database = database;
    this.server = server;
  }

  /** The complete ones, newest first. */
  List<SnapshotInfo> list() throws SQLException {
    return database.read(
        connection -> {
          SnapshotMark.requireAll(connection);
          return Sql.list(
              connection,
              COLUMNS + " WHERE s.server = ? AND s.complete = 1 ORDER BY s.id DESC",
              Snapshots::info,
              server);
        });
  }

  /** The newest revision of any that is complete; 0 when there is none. */
  long newestRevision() throws SQLException {
    return list().stream().mapToLong(SnapshotInfo::revision).max().orElse(0);
  }

  @Nullable SnapshotInfo find(long id) throws SQLException {
    return list().stream().filter(info -> info.id() == id).findFirst().orElse(null);
  }

  /** The snapshot that the next start begins with; 0: the newest. */
  long chosen() throws SQLException {
    return database.read(
        connection ->
            Sql.number(connection, "SELECT restore_from FROM mayfly_servers WHERE id = ?", server));
  }

  private static SnapshotInfo info(ResultSet row) throws SQLException {
    return new SnapshotInfo(
        row.getLong(1),
        row.getString(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getLong(11),
        row.getLong(12),
        row.getLong(13),
        row.getLong(14));
  }

  /**
   * Deletes a snapshot, its row first, so that what is left of one half deleted is never loaded.
   *
   * @return whether it was there
   */
  boolean delete(long id) throws SQLException {
    boolean there =
        database.write(
            connection -> {
              int rows =
                  Sql.update(
                      connection,
                      "UPDATE mayfly_snapshots SET complete = 0 WHERE id = ? AND server = ?",
                      id,
                      server);
              SnapshotMark.put(connection, id);
              Sql.update(
                  connection,
                  "UPDATE mayfly_servers SET restore_from = NULL WHERE restore_from = ?",
                  id);
              return rows > 0;
            });
    if (there) {
      deleteRows(id);
    }
    return there;
  }

  private void deleteRows(long id) throws SQLException {
    long first = id << SnapshotWriter.ID_SHIFT;
    long end = (id + 1) << SnapshotWriter.ID_SHIFT;
    for (String table : List.of("history", "locks", "metrics")) {
      deleteRange("mayfly_snapshot_" + table, "entry", first, end);
    }
    deleteRange("mayfly_snapshot_counters", "id", first, end);
    deleteRange("mayfly_snapshot_entries", "id", first, end);
    database.write(
        connection -> {
          Sql.update(connection, "DELETE FROM mayfly_snapshot_changes WHERE snapshot = ?", id);
          return Sql.update(connection, "DELETE FROM mayfly_snapshots WHERE id = ?", id);
        });
  }

  /** In short transactions, so that the log is not held up. */
  private void deleteRange(String table, String column, long first, long end) throws SQLException {
    long from = first;
    while (from < end) {
      long begin = from;
      from = database.write(connection -> deleteSome(connection, table, column, begin, end));
    }
  }

  private static long deleteSome(
      Connection connection, String table, String column, long first, long end)
      throws SQLException {
    Long next =
        Sql.first(
            connection,
            "SELECT MIN(%s) FROM %s WHERE %s >= ? AND %s < ?"
                .formatted(column, table, column, column),
            row -> row.getLong(1),
            first,
            end);
    if (next == null || next == 0) {
      return end;
    }
    long to = Math.min(end, next + ROWS_PER_DELETE);
    Sql.update(
        connection,
        "DELETE FROM %s WHERE %s >= ? AND %s < ?".formatted(table, column, column),
        next,
        to);
    return to;
  }

  /** Deletes what was begun and never completed. */
  void deleteIncomplete() throws SQLException {
    List<Long> ids =
        database.read(
            connection ->
                Sql.list(
                    connection,
                    "SELECT id FROM mayfly_snapshots WHERE server = ? AND complete = 0",
                    row -> row.getLong(1),
                    server));
    for (long id : ids) {
      deleteRows(id);
    }
  }

  /**
   * Gives the changes that follow the newest snapshot to that snapshot, so that it is the store at
   * the last of them, and stays so when the log goes on from something else. Without a snapshot, an
   * empty one gets them.
   *
   * @return the id of the newest snapshot; 0 when there is none
   */
  long seal(long nowMillis) throws SQLException {
    SnapshotInfo newest = list().stream().findFirst().orElse(null);
    long from = newest == null ? 0 : newest.firstRevision();
    long known = newest == null ? 0 : newest.revision();
    long last = new ChangeLog(database, server).newestRevision();
    if (last <= known) {
      return newest == null ? 0 : newest.id();
    }
    if (newest != null) {
      database.write(connection -> give(connection, newest.id(), from, last));
      return newest.id();
    }
    SnapshotWriter empty = SnapshotWriter.begin(database, server, 0, nowMillis);
    empty.complete(last, 0, nowMillis, connection -> give(connection, empty.id(), from, last));
    return empty.id();
  }

  private int give(Connection connection, long snapshot, long from, long last) throws SQLException {
    Sql.update(connection, GIVE, snapshot, server, from, snapshot);
    int rows =
        Sql.update(
            connection, "UPDATE mayfly_snapshots SET revision = ? WHERE id = ?", last, snapshot);
    SnapshotMark.put(connection, snapshot);
    return rows;
  }

  /**
   * Deletes all but the newest and the one chosen, and changes that none of those left needs.
   *
   * @param spared neither this one nor any before it
   */
  void retain(int keep, long spared) throws SQLException {
    List<SnapshotInfo> all = list();
    long chosen = chosen();
    for (SnapshotInfo old : all.subList(Math.min(keep, all.size()), all.size())) {
      if (old.id() != chosen && old.id() > spared) {
        delete(old.id());
      }
    }
    deleteIncomplete();
    if (!all.isEmpty()) {
      long needed = all.getFirst().firstRevision();
      int deleted;
      do {
        deleted = database.write(connection -> trim(connection, needed));
      } while (deleted > 0);
      new CounterLog(database, server).trim(all.getFirst().counterBlock());
    }
  }

  /** Blocks can be big, so only some at a time. */
  private int trim(Connection connection, long needed) throws SQLException {
    return Sql.update(
        connection,
        "DELETE FROM mayfly_changes WHERE server = ? AND last_revision IN ("
            + "SELECT c.last_revision FROM mayfly_changes c WHERE c.server = ?"
            + " AND c.last_revision <= ?"
            + " AND NOT EXISTS (SELECT 1 FROM mayfly_snapshots s"
            + " WHERE s.server = c.server AND s.complete = 1"
            + " AND c.last_revision > s.first_revision AND c.first_revision < s.revision)"
            + " ORDER BY c.last_revision LIMIT "
            + BLOCKS_PER_DELETE
            + ")",
        server,
        server,
        needed);
  }
}
