package dev.mayfly.journal;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables as somebody else sees them. */
final class JournalTables {
  private JournalTables() {}

  static Connection connect(JournalPlace place) throws SQLException {
    return switch (place) {
      case JournalPlace.File file ->
          DriverManager.getConnection("jdbc:sqlite:" + file.path() + "?busy_timeout=60000");
      case JournalPlace.Server server ->
          DriverManager.getConnection(server.url(), server.user(), server.password());
    };
  }

  static void run(JournalPlace place, String sql) throws SQLException {
    try (Connection connection = connect(place);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static long count(JournalPlace place, String table) throws SQLException {
    try (Connection connection = connect(place);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  static void chooseSnapshot(JournalPlace place, long id) throws SQLException {
    run(place, "UPDATE mayfly_servers SET restore_from = " + id);
  }
}
