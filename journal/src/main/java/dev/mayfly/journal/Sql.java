package dev.mayfly.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Single statements with their arguments. Stateless. */
final class Sql {
  private Sql() {}

  /** One row of a result. */
  interface Row<R> {
    R read(ResultSet row) throws SQLException;
  }

  static void text(PreparedStatement statement, int index, @Nullable String text)
      throws SQLException {
    if (text == null) {
      statement.setNull(index, Types.VARCHAR);
    } else {
      statement.setString(index, text);
    }
  }

  private static void bind(PreparedStatement statement, Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else {
        statement.setObject(i + 1, arguments[i]);
      }
    }
  }

  /** Returns how many rows it changed. */
  static int update(Connection connection, String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      return statement.executeUpdate();
    }
  }

  /** Returns the id of the row it made. */
  static long insert(Connection connection, String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      bind(statement, arguments);
      statement.executeUpdate();
      try (ResultSet keys = statement.getGeneratedKeys()) {
        if (!keys.next()) {
          throw new SQLException("no id was generated");
        }
        return keys.getLong(1);
      }
    }
  }

  static <R> List<R> list(Connection connection, String sql, Row<R> row, Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      try (ResultSet result = statement.executeQuery()) {
        List<R> rows = new ArrayList<>();
        while (result.next()) {
          rows.add(row.read(result));
        }
        return rows;
      }
    }
  }

  static <R> @Nullable R first(Connection connection, String sql, Row<R> row, Object... arguments)
      throws SQLException {
    List<R> rows = list(connection, sql, row, arguments);
    return rows.isEmpty() ? null : rows.getFirst();
  }

  /** The one number that a statement tells; 0 when it tells none. */
  static long number(Connection connection, String sql, Object... arguments) throws SQLException {
    Long found = first(connection, sql, row -> row.getLong(1), arguments);
    return found == null ? 0 : found;
  }
}
