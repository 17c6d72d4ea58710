package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What others see of a server's journal: its tables in SQLite, and what the monitor tells. */
final class JournalPlaces {
  private JournalPlaces() {}

  private static Connection connect(Path data) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:%s?busy_timeout=60000".formatted(data.resolve("mayfly.db")));
  }

  static void run(Path data, String sql) throws SQLException {
    try (Connection connection = connect(data);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static long number(Path data, String sql) throws SQLException {
    try (Connection connection = connect(data);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Whether everything is written. */
  static boolean isIdle(ServerFixture server) throws Exception {
    String metrics = monitor(server, "/metrics");
    return metrics.contains("\nmayfly_journal_backlog_bytes 0.0")
        && metrics.contains("\nmayfly_journal_lag_millis 0.0");
  }

  /** What the monitor of a server answers. */
  static String monitor(ServerFixture server, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(server.monitor().getPort(), path));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> reply =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(UTF_8));
      return reply.statusCode() + " " + reply.body();
    }
  }
}
