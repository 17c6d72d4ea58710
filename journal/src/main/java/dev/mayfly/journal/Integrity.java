package dev.mayfly.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Whether SQLite can find every row of the tables that say what there is. A row that is lost there
 * is missed by nobody; rows of snapshots are counted and need no look. Stateless.
 */
final class Integrity {
  private static final List<String> TABLES =
      List.of(
          "mayfly_servers",
          "mayfly_snapshots",
          "mayfly_changes",
          "mayfly_snapshot_changes",
          "mayfly_counter_changes");

  private Integrity() {}

  /**
   * Changes nothing.
   *
   * @throws JournalException when a table is damaged
   */
  static void require(Connection connection, JournalPlace place) throws SQLException {
    List<String> there =
        Sql.list(
            connection,
            "SELECT name FROM sqlite_master WHERE type = 'table'",
            row -> row.getString(1));
    for (String table : TABLES) {
      if (there.contains(table)) {
        require(connection, place, table);
      }
    }
  }

  private static void require(Connection connection, JournalPlace place, String table)
      throws SQLException {
    String found =
        Sql.first(connection, "PRAGMA integrity_check('" + table + "')", row -> row.getString(1));
    if (!"ok".equals(found)) {
      throw new JournalException(
          "the journal at %s is damaged: table %s: %s; nothing was changed: restore a backup"
              .formatted(place, table, found == null ? "no answer" : found.lines().toList()));
    }
  }
}
