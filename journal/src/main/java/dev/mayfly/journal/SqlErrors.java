package dev.mayfly.journal;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Turns what databases say into what an operator can act upon. */
final class SqlErrors {
  private SqlErrors() {}

  /** Why a database cannot be opened. */
  static JournalException cannotOpen(JournalPlace place, Throwable cause) {
    return new JournalException(
        "the journal at %s cannot be used: %s".formatted(place, reason(cause)), cause);
  }

  /** Why it cannot be read or written. */
  static JournalException failed(String doing, JournalPlace place, Throwable cause) {
    return new JournalException(
        "%s at %s failed: %s".formatted(doing, place, reason(cause)), cause);
  }

  /** The deepest reason, in one line. */
  static String reason(Throwable thrown) {
    SQLException sql = find(thrown, SQLException.class);
    if (sql != null) {
      return ofSql(sql);
    }
    if (find(thrown, AccessDeniedException.class) != null) {
      return "access denied; expected a folder that this user may write to";
    }
    if (find(thrown, FileAlreadyExistsException.class) != null
        || find(thrown, NotDirectoryException.class) != null) {
      return "there is a file where a folder is expected";
    }
    FlywayException flyway = find(thrown, FlywayException.class);
    Throwable told = flyway == null ? thrown : flyway;
    return firstLine(told);
  }

  private static String ofSql(SQLException e) {
    String text = firstLine(e);
    if (text.contains("SQLITE_CORRUPT") || text.contains("SQLITE_NOTADB")) {
      return "the file is damaged, nothing was changed; restore it from a backup or move it away ("
          + text
          + ")";
    }
    if (text.contains("SQLITE_FULL") || text.contains("SQLITE_IOERR_SHMSIZE")) {
      return "the disk is full (" + text + ")";
    }
    if (text.contains("SQLITE_READONLY") || text.contains("SQLITE_CANTOPEN")) {
      return "it cannot be written to; expected a folder that this user may write to ("
          + text
          + ")";
    }
    return text;
  }

  private static String firstLine(Throwable thrown) {
    String message = thrown.getMessage();
    String text = message == null ? thrown.getClass().getSimpleName() : message;
    return text.lines().findFirst().orElse(text);
  }

  private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
    T found = null;
    Throwable at = thrown;
    for (int depth = 0; at != null && depth < 20; depth++) {
      if (type.isInstance(at)) {
        found = type.cast(at);
      }
      at = at.getCause();
    }
    return found;
  }
}
