package dev.mayfly.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other processes away from a journal: a lock on a file beside the database, or an advisory
 * lock of a PostgreSQL session, which ends with it. Safe for concurrent use.
 */
final class JournalLock implements AutoCloseable {
  private static final int ALIVE_SECONDS_MAX = 5;

  private final @Nullable FileChannel channel;
  private final @Nullable Database database;
  private final String name;
  private @Nullable Connection session;

  private JournalLock(@Nullable FileChannel channel, @Nullable Database database, String name) {
    this.channel = channel;
    this.database = database;
    this.name = name;
  }

  /** Locks a SQLite file, before it is opened. */
  static JournalLock ofFile(Path file) {
    Path path = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel = null;
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new JournalLock(channel, null, "");
      }
      channel.close();
      throw taken(file);
    } catch (OverlappingFileLockException e) {
      close(channel);
      throw taken(file);
    } catch (IOException e) {
      close(channel);
      throw SqlErrors.cannotOpen(new JournalPlace.File(file), e);
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new JournalException("could not close the lock file", e);
    }
  }

  private static JournalException taken(Path file) {
    return new JournalException(
        "another mayfly uses the journal at %s: stop it first, or give this one another folder"
            .formatted(file));
  }

  /** Locks the name of a server in a PostgreSQL database. */
  static JournalLock ofServer(Database database, String name) throws SQLException {
    JournalLock lock = new JournalLock(null, database, name);
    lock.requireHeld();
    return lock;
  }

  /**
   * Takes a session's lock again if the session was lost.
   *
   * @throws JournalException when another process has it
   */
  synchronized void requireHeld() throws SQLException {
    if (database == null || (session != null && session.isValid(ALIVE_SECONDS_MAX))) {
      return;
    }
    drop();
    Connection fresh = database.connections().getConnection();
    Boolean got =
        Sql.first(
            fresh,
            "SELECT pg_try_advisory_lock(hashtextextended('mayfly ' || ?, 0))",
            row -> row.getBoolean(1),
            name);
    if (!Boolean.TRUE.equals(got)) {
      fresh.close();
      throw new JournalException(
          "another mayfly named '%s' uses the journal at %s: stop it first, or give this one"
                  .formatted(name, database.place())
              + " another name");
    }
    session = fresh;
  }

  private void drop() {
    try {
      if (session != null) {
        session.close();
      }
    } catch (SQLException e) {
      throw new JournalException("could not close the session", e);
    } finally {
      session = null;
    }
  }

  @Override
  public synchronized void close() {
    close(channel);
    if (database != null && session != null) {
      try (Connection last = session) {
        Sql.first(
            last,
            "SELECT pg_advisory_unlock(hashtextextended('mayfly ' || ?, 0))",
            row -> row.getBoolean(1),
            name);
      } catch (SQLException e) {
        throw new JournalException("could not give the journal's lock back", e);
      } finally {
        session = null;
      }
    }
  }
}
