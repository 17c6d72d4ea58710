package dev.mayfly.journal;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/**
 * The checksum of a snapshot's own row, of all its columns but the name of the server. A row of
 * which a bit has changed may look as one that was begun and never completed, or as another
 * server's: then an older snapshot would be loaded without a word. Stateless.
 */
final class SnapshotMark {
  /** What it is of, in this order. */
  private static final String COLUMNS =
      "id, server, complete, started, completed, first_revision, revision, entries, history, locks,"
          + " metrics, counters, bytes, checksum, counter_block";

  private static final int COUNT = COLUMNS.split(",").length;

  private SnapshotMark() {}

  /** Marks a row as it is now; to be done in the transaction that changes it. */
  static void put(Connection connection, long snapshot) throws SQLException {
    Long mark =
        Sql.first(
            connection,
            "SELECT " + COLUMNS + " FROM mayfly_snapshots WHERE id = ?",
            SnapshotMark::of,
            snapshot);
    if (mark != null) {
      Sql.update(connection, "UPDATE mayfly_snapshots SET mark = ? WHERE id = ?", mark, snapshot);
    }
  }

  private static long of(ResultSet row) throws SQLException {
    ByteBuffer columns = ByteBuffer.allocate(COUNT * Long.BYTES);
    for (int i = 1; i <= COUNT; i++) {
      columns.putLong(row.getLong(i));
    }
    CRC32C crc = new CRC32C();
    crc.update(columns.flip());
    return crc.getValue();
  }

  /**
   * Requires that all rows are as they were written, whosesoever they are.
   *
   * @throws JournalException when one is not
   */
  static void requireAll(Connection connection) throws SQLException {
    var _ =
        Sql.list(
            connection,
            "SELECT " + COLUMNS + ", mark FROM mayfly_snapshots WHERE mark IS NOT NULL",
            row -> {
              if (of(row) != row.getLong(COUNT + 1)) {
                throw new JournalException(
                    "the journal is damaged: the checksum of the row of snapshot %d is wrong;"
                            .formatted(row.getLong(1))
                        + " nothing was changed: restore a backup");
              }
              return row.getLong(1);
            });
  }
}
