package dev.mayfly.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is kept from one transaction to the next, with its statements prepared: for
 * short transactions that are many. After a failure the next one has a new connection. Confined to
 * one thread; it owns the connection.
 */
final class KeptConnection implements AutoCloseable {
  private final Database database;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private @Nullable Connection connection;

  KeptConnection(Database database) {
    this.database = database;
  }

  /** What is done in one transaction. */
  interface Work {
    long run() throws SQLException;
  }

  /** Writes in one transaction: all of it, or on an exception nothing. */
  long write(Work work) throws SQLException {
    return database.inTurn(
        () -> {
          Connection open = open();
          try {
            open.setAutoCommit(false);
            long result = work.run();
            // It commits. SQLite's driver would begin another transaction with a commit of its own.
            open.setAutoCommit(true);
            return result;
          } catch (SQLException | RuntimeException e) {
            drop(open, e);
            throw e;
          }
        });
  }

  private Connection open() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = database.connections().getConnection();
      connection = open;
    }
    return open;
  }

  /** A statement of this text, for {@link #write}'s work; not to be closed. */
  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known == null) {
      known = open().prepareStatement(sql);
      statements.put(sql, known);
    }
    return known;
  }

  /** It may be dead, or in a transaction that cannot be ended. */
  private void drop(Connection open, Exception cause) {
    statements.clear();
    connection = null;
    try {
      open.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    database.evict(open);
  }

  @Override
  public void close() {
    Connection open = connection;
    statements.clear();
    connection = null;
    if (open != null) {
      database.evict(open);
    }
  }
}
