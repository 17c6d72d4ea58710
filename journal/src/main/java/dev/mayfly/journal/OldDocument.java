package dev.mayfly.journal;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A snapshot of a server of the old kind, one document of JSON: a file, or the newest row of a
 * table {@code snapshots} in SQLite or PostgreSQL, which is read into memory. Nothing of it is ever
 * changed. Immutable by contract.
 *
 * @param server the name of the old server; empty where a file has none
 */
record OldDocument(String server, Source source) {
  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int GZIP = 0x1F;

  /** Opens the document from its beginning. */
  interface Source {
    InputStream open() throws IOException;
  }

  /**
   * Finds it.
   *
   * @param source a JSON file, a SQLite file, {@code sqlite://path} or {@code postgres://…}
   * @param name of the old server; empty: the only one
   * @throws IOException when there is none; the message has no password in it
   */
  static OldDocument find(String source, String name) throws IOException {
    boolean url = source.startsWith("sqlite:") || source.startsWith("postgres");
    JournalPlace place = url ? place(source) : new JournalPlace.File(Path.of(source));
    if (place instanceof JournalPlace.File(Path path)) {
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        throw new IOException(path + " cannot be read: expected a file");
      }
      if (!url && !isSqlite(path)) {
        return new OldDocument(name, () -> unzipped(Files.newInputStream(path)));
      }
    }
    try (Connection connection = connect(place)) {
      return newest(connection, place, name);
    } catch (SQLException e) {
      throw new IOException(
          "%s has no snapshot of the old kind: %s".formatted(place, SqlErrors.reason(e)), e);
    }
  }

  private static JournalPlace place(String source) throws IOException {
    try {
      return JournalPlace.parse(source);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the source is wrong: expected a file, sqlite:///path or"
              + " postgres://user:password@host/database",
          e);
    }
  }

  private static boolean isSqlite(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(SQLITE.length), SQLITE);
    }
  }

  private static Connection connect(JournalPlace place) throws SQLException {
    return switch (place) {
      case JournalPlace.File(Path path) ->
          DriverManager.getConnection("jdbc:sqlite:" + path + "?open_mode=1");
      case JournalPlace.Server(String url, String user, String password) ->
          DriverManager.getConnection(url, user, password);
    };
  }

  private static OldDocument newest(Connection connection, JournalPlace place, String name)
      throws SQLException, IOException {
    List<String> servers =
        Sql.list(
            connection,
            "SELECT DISTINCT COALESCE(server_name, '') FROM snapshots",
            row -> row.getString(1));
    String server = name.isEmpty() && servers.size() == 1 ? servers.getFirst() : name;
    if (!servers.contains(server)) {
      throw new IOException(
          "%s has no snapshot of a server named '%s': expected one of '%s'"
              .formatted(place, server, String.join("', '", servers)));
    }
    boolean text = place instanceof JournalPlace.Server;
    byte[] data =
        Sql.first(
            connection,
            "SELECT %s FROM snapshots WHERE COALESCE(server_name, '') = ? ORDER BY id DESC LIMIT 1"
                .formatted(text ? "data::text" : "data"),
            row -> text ? row.getString(1).getBytes(StandardCharsets.UTF_8) : row.getBytes(1),
            server);
    if (data == null) {
      throw new IOException("the newest snapshot of '%s' is empty".formatted(server));
    }
    return new OldDocument(server, () -> unzipped(new ByteArrayInputStream(data)));
  }

  private static InputStream unzipped(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, 1 << 16);
    in.mark(1);
    boolean zipped = in.read() == GZIP;
    in.reset();
    return zipped ? new GZIPInputStream(in) : in;
  }
}
