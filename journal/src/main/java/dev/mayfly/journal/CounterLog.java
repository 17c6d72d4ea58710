package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** The blocks of counters of one server. Safe for concurrent use. */
final class CounterLog {
  private static final String COLUMNS =
      "SELECT number, written, changes, checksum, data FROM mayfly_counter_changes";
  private static final int BLOCKS_PER_DELETE = 64;

  private final Database database;
  private final long server;

  CounterLog(Database database, long server) {
    this.database = database;
    this.server = server;
  }

  /** Writes a block, if need be in the place of the same one; returns how many bytes. */
  long write(Connection connection, CounterBlock block) throws SQLException {
    Sql.update(
        connection,
        "DELETE FROM mayfly_counter_changes WHERE server = ? AND number = ?",
        server,
        block.number());
    Sql.update(
        connection,
        "INSERT INTO mayfly_counter_changes (server, number, written, changes, checksum, data)"
            + " VALUES (?,?,?,?,?,?)",
        server,
        block.number(),
        block.writtenMillis(),
        block.changes(),
        block.checksum(),
        block.data());
    return block.data().length;
  }

  /** The number of the newest block; 0 when there is none. */
  long newest() throws SQLException {
    return database.read(
        connection -> {
          Long number =
              Sql.first(
                  connection,
                  "SELECT MAX(number) FROM mayfly_counter_changes WHERE server = ?",
                  row -> row.getLong(1),
                  server);
          return number == null ? 0L : number;
        });
  }

  /** Takes blocks as they are read. */
  interface Sink {
    void accept(CounterBlock block);
  }

  /** Reads the blocks after this one, in their order. */
  void read(long after, Sink sink) throws SQLException {
    long newest = newest();
    for (long number = after + 1; number <= newest; number++) {
      long next = number;
      CounterBlock block =
          database.read(
              connection ->
                  Sql.first(
                      connection,
                      COLUMNS + " WHERE server = ? AND number = ?",
                      row ->
                          new CounterBlock(
                              row.getLong(1),
                              row.getLong(2),
                              row.getLong(3),
                              row.getLong(4),
                              row.getBytes(5)),
                      server,
                      next));
      if (block == null) {
        throw CounterBlock.damaged(number, "it is missing");
      }
      sink.accept(block);
    }
  }

  /** Reads what counters had become in the blocks after this one. */
  void replay(long after, Consumer<List<SavedCounter>> sink) throws SQLException {
    read(after, block -> sink.accept(block.decode()));
  }

  /** Deletes blocks that a snapshot has in it, in short transactions. */
  void trim(long upTo) throws SQLException {
    int deleted;
    do {
      deleted =
          database.write(
              connection ->
                  Sql.update(
                      connection,
                      "DELETE FROM mayfly_counter_changes WHERE server = ? AND number IN ("
                          + "SELECT number FROM mayfly_counter_changes WHERE server = ?"
                          + " AND number <= ? ORDER BY number LIMIT "
                          + BLOCKS_PER_DELETE
                          + ")",
                      server,
                      server,
                      upTo));
    } while (deleted > 0);
  }
}
