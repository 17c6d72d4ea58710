package dev.mayfly.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server in a database: who it is, and how far its revisions are reserved.
 *
 * @param reserved no revision above was ever given
 * @param restoreFrom the snapshot to begin with; 0: the newest
 */
record ServerRow(long id, String name, long reserved, long restoreFrom) {
  private static final String SELECT =
      "SELECT id, name, reserved, restore_from FROM mayfly_servers";

  /** All servers of a database. */
  static List<ServerRow> list(Database database) throws SQLException {
    return database.read(
        connection ->
            Sql.list(
                connection,
                SELECT + " ORDER BY id",
                row ->
                    new ServerRow(
                        row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4))));
  }

  /**
   * The server of this name, made if it is not there.
   *
   * @param name empty: the only one there is, if the database is a file, or one by the default name
   */
  static ServerRow find(Database database, String name, String defaultName) throws SQLException {
    List<ServerRow> all = list(database);
    boolean kept = name.isEmpty() && database.isFile() && all.size() == 1;
    if (kept) {
      return all.getFirst();
    }
    String wanted = name.isEmpty() ? defaultName : name;
    ServerRow found = named(all, wanted);
    if (found != null) {
      return found;
    }
    long id =
        database.write(
            connection ->
                Sql.insert(
                    connection,
                    "INSERT INTO mayfly_servers (name, reserved) VALUES (?, 0)",
                    wanted));
    return new ServerRow(id, wanted, 0, 0);
  }

  static @Nullable ServerRow named(List<ServerRow> all, String name) {
    return all.stream().filter(row -> row.name.equals(name)).findFirst().orElse(null);
  }

  /** No revision above this one will be given before it is reserved. */
  void reserve(Database database, long revision) throws SQLException {
    database.write(
        connection ->
            Sql.update(
                connection, "UPDATE mayfly_servers SET reserved = ? WHERE id = ?", revision, id));
  }

  /** Lets the next start begin with this snapshot; 0: with the newest. */
  static int restoreFrom(Connection connection, long id, long snapshot) throws SQLException {
    return Sql.update(
        connection,
        "UPDATE mayfly_servers SET restore_from = "
            + (snapshot == 0 ? "NULL" : snapshot)
            + " WHERE id = ?",
        id);
  }
}
