package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** The blocks of counters of one server. Safe for concurrent use. */
final class CounterLog {
  private static final String COLUMNS =
      "SELECT number, written, changes, checksum, data FROM mayfly_counter_changes";
  private static final String DELETE =
      "DELETE FROM mayfly_counter_changes WHERE server = ? AND number = ?";
  private static final String INSERT =
      "INSERT INTO mayfly_counter_changes (server, number, written, changes, checksum, data)"
          + " VALUES (?,?,?,?,?,?)";
  private static final int BLOCKS_PER_DELETE = 64;

  private final Database database;
  private final long server;

  CounterLog(Database database, long server) {
    this.database = database;
    this.server = server;
  }

  /**
   * Writes a block, if need be in the place of the same one, in a transaction of the connection;
   * returns how many bytes.
   */
  long write(KeptConnection kept, CounterBlock block) throws SQLException {
    PreparedStatement delete = kept.prepare(DELETE);
    delete.setLong(1, server);
    delete.setLong(2, block.number());
    delete.executeUpdate();
    PreparedStatement into = kept.prepare(INSERT);
    into.setLong(1, server);
    into.setLong(2, block.number());
    into.setLong(3, block.writtenMillis());
    into.setLong(4, block.changes());
    into.setLong(5, block.checksum());
    into.setBytes(6, block.data());
    into.executeUpdate();
    return block.data().length;
  }

  /** The number of the newest block; 0 when there is none. */
  long newest() throws SQLException {
    return database.read(
        connection ->
            Sql.number(
                connection,
                "SELECT MAX(number) FROM mayfly_counter_changes WHERE server = ?",
                server));
  }

  /** When the newest block was written; 0 when there is none. */
  long newestMillis() throws SQLException {
    return database.read(
        connection ->
            Sql.number(
                connection,
                "SELECT written FROM mayfly_counter_changes WHERE server = ?"
                    + " ORDER BY number DESC LIMIT 1",
                server));
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
