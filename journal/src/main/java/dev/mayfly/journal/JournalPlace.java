package dev.mayfly.journal;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a journal is. Immutable. Its text never shows a password. */
public sealed interface JournalPlace {
  /** The file in a data folder. */
  String FILE_NAME = "mayfly.db";

  /** A SQLite file. */
  record File(Path path) implements JournalPlace {
    @Override
    public String toString() {
      return "sqlite://" + path;
    }
  }

  /**
   * A PostgreSQL database.
   *
   * @param url without user and password, as JDBC wants it
   * @param password secret
   */
  record Server(String url, String user, String password) implements JournalPlace {
    @Override
    public String toString() {
      String shown = url.replaceFirst("jdbc:postgresql", "postgres");
      int query = shown.indexOf('?');
      return query < 0 ? shown : shown.substring(0, query);
    }
  }

  /** The journal of a data folder. */
  static JournalPlace folder(Path folder) {
    return new File(folder.resolve(FILE_NAME).toAbsolutePath().normalize());
  }

  /**
   * The place that a URL names: {@code postgres://user:password@host:port/database?option=value} or
   * {@code sqlite:///path}.
   *
   * @throws IllegalArgumentException when it names none; the message does not repeat the URL
   */
  static JournalPlace parse(String text) {
    if (text.startsWith("sqlite://")) {
      String path = text.substring("sqlite://".length());
      if (path.isEmpty()) {
        throw new IllegalArgumentException("a path is missing");
      }
      return new File(Path.of(path).toAbsolutePath().normalize());
    }
    if (!text.startsWith("postgres://") && !text.startsWith("postgresql://")) {
      throw new IllegalArgumentException("unknown scheme");
    }
    try {
      return server(new URI(text));
    } catch (URISyntaxException e) {
      // The text and so the exception may have a password in it.
      throw new IllegalArgumentException("not a URL");
    }
  }

  private static Server server(URI uri) {
    String authority = uri.getRawAuthority();
    if (authority == null || uri.getRawPath().length() < 2) {
      throw new IllegalArgumentException("host or database is missing");
    }
    int at = authority.lastIndexOf('@');
    String[] login = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
    String user = login.length > 0 ? decoded(login[0]) : "";
    String password = login.length > 1 ? decoded(login[1]) : "";
    List<String> kept = new ArrayList<>();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String option : query.split("&", -1)) {
      if (option.startsWith("user=")) {
        user = decoded(option.substring("user=".length()));
      } else if (option.startsWith("password=")) {
        password = decoded(option.substring("password=".length()));
      } else if (!option.isEmpty()) {
        kept.add(option);
      }
    }
    String options = kept.isEmpty() ? "" : "?" + String.join("&", kept);
    String url = "jdbc:postgresql://" + authority.substring(at + 1) + uri.getRawPath() + options;
    return new Server(url, user, password);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
