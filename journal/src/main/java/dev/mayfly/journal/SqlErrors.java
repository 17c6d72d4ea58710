package dev.mayfly.journal;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.sql.SQLException;
import java.util.Arrays;
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
    FileSystemException file = find(thrown, FileSystemException.class);
    if (file != null) {
      return ofFile(file);
    }
    FlywayException flyway = find(thrown, FlywayException.class);
    Throwable told = flyway == null ? thrown : flyway;
    return firstLine(told);
  }

  private static String ofFile(FileSystemException e) {
    String why =
        switch (e) {
          case AccessDeniedException _ -> "access denied";
          case NoSuchFileException _ -> "no such file or folder";
          case FileAlreadyExistsException _, NotDirectoryException _ ->
              "there is a file where a folder is expected";
          default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        };
    String text = "%s: %s".formatted(e.getFile(), why);
    return why.contains("No space") ? full(text) : unwritable(text);
  }

  private static String ofSql(SQLException e) {
    String text = firstLine(e);
    if (contains(text, "SQLITE_CORRUPT", "SQLITE_NOTADB", "no such table", "no such column")) {
      return "the file is damaged, nothing was changed; restore it from a backup or move it away ("
          + text
          + ")";
    }
    if (contains(text, "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")) {
      return full(text);
    }
    return contains(text, "SQLITE_READONLY", "SQLITE_CANTOPEN") ? unwritable(text) : text;
  }

  private static boolean contains(String text, String... signs) {
    return Arrays.stream(signs).anyMatch(text::contains);
  }

  private static String full(String text) {
    return "the disk is full (" + text + ")";
  }

  private static String unwritable(String text) {
    return "it cannot be written to; expected a folder that this user may write to (" + text + ")";
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
