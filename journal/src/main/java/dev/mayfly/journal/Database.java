package dev.mayfly.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database with the journal's tables: its connections, and transactions on them.
 *
 * <p>Safe for concurrent use. SQLite has one writer at a time, so transactions that write take
 * turns here, where waiting is fair, rather than there. It owns its connections and what keeps a
 * second process away.
 */
final class Database implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 6;
  private static final long CONNECT_MILLIS_MAX = 5_000;

  /** Held, so that its level stays: failures are told by whoever meets them. */
  private static final Logger TALK = Logger.getLogger("com.zaxxer.hikari");

  private final JournalPlace place;
  private final HikariDataSource pool;
  private final ReentrantLock writing = new ReentrantLock(true);

  private Database(JournalPlace place, HikariDataSource pool) {
    this.place = place;
    this.pool = pool;
  }

  /**
   * Opens a database and brings its tables up to date.
   *
   * @param synced whether a commit is on the disk when it returns
   * @param mayCreate whether a SQLite file that is not there is made
   * @throws JournalException when it cannot be reached, or is damaged, or of a newer version
   */
  static Database open(JournalPlace place, boolean synced, boolean mayCreate) {
    TALK.setLevel(Level.SEVERE);
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config(place, synced, mayCreate));
      Database database = new Database(place, pool);
      if (database.isFile()) {
        database.requireWhole();
      }
      Schema.migrate(pool, place);
      return database;
    } catch (IOException | SQLException | RuntimeException e) {
      if (pool != null) {
        pool.close();
      }
      throw e instanceof JournalException known ? known : SqlErrors.cannotOpen(place, e);
    }
  }

  /**
   * Opens a database that is there, and changes nothing in it.
   *
   * @throws JournalException when it is not there, or its tables are of another version
   */
  static Database openAsIs(JournalPlace place) {
    TALK.setLevel(Level.SEVERE);
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config(place, false, false));
      Schema.requireCurrent(pool, place);
      return new Database(place, pool);
    } catch (IOException | RuntimeException e) {
      if (pool != null) {
        pool.close();
      }
      throw e instanceof JournalException known ? known : SqlErrors.cannotOpen(place, e);
    }
  }

  private void requireWhole() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      Integrity.require(connection, place);
    }
  }

  private static HikariConfig config(JournalPlace place, boolean synced, boolean mayCreate)
      throws IOException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("mayfly-journal");
    config.setMaximumPoolSize(CONNECTIONS_MAX);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_MILLIS_MAX);
    config.setInitializationFailTimeout(1);
    switch (place) {
      case JournalPlace.File(Path path) -> {
        if (!mayCreate && !Files.exists(path)) {
          throw new JournalException("there is no journal at " + path);
        }
        Path folder = path.getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
        config.setJdbcUrl("jdbc:sqlite:" + path);
        config.setDataSourceProperties(sqlite(synced));
      }
      case JournalPlace.Server(String url, String user, String password) -> {
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("socketTimeout", "60");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("ApplicationName", "mayfly");
        if (!synced) {
          config.setConnectionInitSql("SET synchronous_commit TO off");
        }
      }
    }
    return config;
  }

  private static Properties sqlite(boolean synced) {
    Properties properties = new Properties();
    properties.setProperty("journal_mode", "WAL");
    properties.setProperty("synchronous", synced ? "FULL" : "NORMAL");
    properties.setProperty("busy_timeout", "10000");
    properties.setProperty("transaction_mode", "IMMEDIATE");
    properties.setProperty("cache_size", "-8192");
    return properties;
  }

  JournalPlace place() {
    return place;
  }

  DataSource connections() {
    return pool;
  }

  /** Whether it is SQLite. */
  boolean isFile() {
    return place instanceof JournalPlace.File;
  }

  /** What is done in one transaction. */
  interface Work<R extends @Nullable Object> {
    R run(Connection connection) throws SQLException;
  }

  /** Reads in one transaction, beside writers. */
  <R extends @Nullable Object> R read(Work<R> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return work.run(connection);
    }
  }

  /** A transaction that writes. */
  interface Transaction<R extends @Nullable Object> {
    R run() throws SQLException;
  }

  /** Runs a transaction when nobody else is in one, where there can be one alone. */
  <R extends @Nullable Object> R inTurn(Transaction<R> transaction) throws SQLException {
    if (!isFile()) {
      return transaction.run();
    }
    writing.lock();
    try {
      return transaction.run();
    } finally {
      writing.unlock();
    }
  }

  /** Writes in one transaction: all of it, or on an exception nothing. */
  <R extends @Nullable Object> R write(Work<R> work) throws SQLException {
    return inTurn(
        () -> {
          try (Connection connection = pool.getConnection()) {
            return writeOn(connection, work);
          }
        });
  }

  private <R extends @Nullable Object> R writeOn(Connection connection, Work<R> work)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      R result = work.run(connection);
      // It commits. SQLite's driver would begin another transaction with a commit of its own.
      connection.setAutoCommit(true);
      return result;
    } catch (SQLException | RuntimeException e) {
      rollBack(connection, e);
      throw e;
    }
  }

  /** Closes a connection for good. */
  void evict(Connection connection) {
    pool.evictConnection(connection);
  }

  /** SQLite ends a transaction by itself on a full disk, and its driver does not know it then. */
  private void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
      restore(connection);
    } catch (SQLException e) {
      cause.addSuppressed(e);
      pool.evictConnection(connection);
    }
  }

  /** A connection that fails here is dead, and the pool notices that by itself. */
  private static void restore(Connection connection) throws SQLException {
    if (!connection.isClosed()) {
      connection.setAutoCommit(true);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
