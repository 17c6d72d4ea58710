package dev.mayfly.journal;

import dev.mayfly.store.Change;
import dev.mayfly.store.ChangeCodec;
import dev.mayfly.store.ChangeCut;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of changes of one server: each cut is a block, in parts if it is big, written in one
 * transaction. A block says after which revision it begins and with which it ends, so that a
 * missing one is noticed. Safe for concurrent use.
 */
final class ChangeLog {
  private static final int PART_BYTES_MAX = 1 << 20;

  private final Database database;
  private final long server;

  ChangeLog(Database database, long server) {
    this.database = database;
    this.server = server;
  }

  /**
   * Writes the changes of a cut; again, where it is not known whether that was done before.
   *
   * @param after the revision of the cut before
   * @param snapshot the snapshot that they complete; null: the log
   * @return how many bytes
   */
  long write(ChangeCut cut, long after, @Nullable Long snapshot, boolean again, long nowMillis)
      throws SQLException {
    List<Part> parts = parts(cut);
    return database.write(
        connection -> {
          if (again) {
            Sql.update(
                connection,
                "DELETE FROM mayfly_changes WHERE server = ? AND last_revision = ?",
                server,
                cut.revision());
          }
          long bytes = 0;
          try (PreparedStatement into =
              connection.prepareStatement(
                  "INSERT INTO mayfly_changes (server, last_revision, part, parts, first_revision,"
                      + " snapshot, changes, written, checksum, data)"
                      + " VALUES (?,?,?,?,?,?,?,?,?,?)")) {
            for (int i = 0; i < parts.size(); i++) {
              Part part = parts.get(i);
              into.setLong(1, server);
              into.setLong(2, cut.revision());
              into.setInt(3, i);
              into.setInt(4, parts.size());
              into.setLong(5, after);
              if (snapshot == null) {
                into.setNull(6, Types.BIGINT);
              } else {
                into.setLong(6, snapshot);
              }
              into.setLong(7, part.count);
              into.setLong(8, nowMillis);
              into.setLong(9, checksum(part.data));
              into.setBytes(10, part.data);
              into.executeUpdate();
              bytes += part.data.length;
            }
          }
          return bytes;
        });
  }

  private static long checksum(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data, 0, data.length);
    return crc.getValue();
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Part(byte[] data, int count) {}

  private static List<Part> parts(ChangeCut cut) {
    List<Part> parts = new ArrayList<>();
    List<ChangeCut.Piece> together = new ArrayList<>();
    long bytes = 0;
    for (ChangeCut.Piece piece : cut.pieces()) {
      if (bytes > 0 && bytes + piece.size() > PART_BYTES_MAX) {
        parts.add(join(together, (int) bytes));
        together.clear();
        bytes = 0;
      }
      together.add(piece);
      bytes += piece.size();
    }
    parts.add(join(together, (int) bytes));
    return parts;
  }

  private static Part join(List<ChangeCut.Piece> pieces, int bytes) {
    byte[] data = new byte[bytes];
    int at = 0;
    int count = 0;
    for (ChangeCut.Piece piece : pieces) {
      System.arraycopy(piece.bytes(), piece.from(), data, at, piece.size());
      for (int end = at + piece.size(); at < end; at += ChangeCodec.bytes(data, at)) {
        count++;
      }
    }
    return new Part(data, count);
  }

  /** What of a block is not its changes. */
  record Head(
      long after,
      long revision,
      int part,
      int parts,
      @Nullable Long snapshot,
      long changes,
      long writtenMillis) {}

  /** Takes what is read. */
  interface Sink {
    void accept(Head head, List<Change> changes);
  }

  /**
   * Reads the blocks that end after a revision, in their order: those of the log, and of one
   * snapshot.
   *
   * @param snapshot 0: of none
   * @param until reads no block that begins with this or a later revision
   * @throws JournalException when one is damaged
   */
  void read(long after, long snapshot, long until, Sink sink) throws SQLException {
    List<long[]> keys =
        database.read(
            connection ->
                Sql.list(
                    connection,
                    "SELECT last_revision, part FROM mayfly_changes WHERE server = ?"
                        + " AND last_revision > ? AND first_revision < ?"
                        + " AND (snapshot IS NULL OR snapshot = ?)"
                        + " ORDER BY last_revision, part",
                    row -> new long[] {row.getLong(1), row.getLong(2)},
                    server,
                    after,
                    until,
                    snapshot));
    database.read(
        connection -> {
          for (long[] key : keys) {
            readOne(connection, key[0], key[1], sink);
          }
          return keys.size();
        });
  }

  private void readOne(Connection connection, long revision, long part, Sink sink)
      throws SQLException {
    Sql.list(
        connection,
        "SELECT first_revision, parts, snapshot, changes, written, checksum, data"
            + " FROM mayfly_changes WHERE server = ? AND last_revision = ? AND part = ?",
        row -> {
          Head head = head(row, revision, part);
          sink.accept(head, decode(head, row.getLong(6), row.getBytes(7)));
          return head;
        },
        server,
        revision,
        part);
  }

  private static Head head(ResultSet row, long revision, long part) throws SQLException {
    long snapshot = row.getLong(3);
    boolean none = row.wasNull();
    return new Head(
        row.getLong(1),
        revision,
        (int) part,
        row.getInt(2),
        none ? null : snapshot,
        row.getLong(4),
        row.getLong(5));
  }

  private static List<Change> decode(Head head, long checksum, byte[] data) {
    if (checksum(data) != checksum) {
      throw damaged(head, "its checksum is wrong");
    }
    List<Change> changes = new ArrayList<>();
    try {
      for (int at = 0; at < data.length; at += ChangeCodec.bytes(data, at)) {
        changes.add(ChangeCodec.decode(data, at, data.length));
      }
    } catch (IllegalArgumentException e) {
      throw damaged(head, e.getMessage());
    }
    return changes;
  }

  private static JournalException damaged(Head head, @Nullable String why) {
    return new JournalException(
        "the journal is damaged: the changes of revisions %d to %d cannot be read (%s); nothing was"
                .formatted(head.after() + 1, head.revision(), why)
            + " changed: restore a backup, or choose an older snapshot");
  }

  /** How many bytes of changes the log has after a revision. */
  long bytesAfter(long revision) throws SQLException {
    return database.read(
        connection -> {
          Long bytes =
              Sql.first(
                  connection,
                  "SELECT SUM(LENGTH(data)) FROM mayfly_changes"
                      + " WHERE server = ? AND last_revision > ? AND snapshot IS NULL",
                  row -> row.getLong(1),
                  server,
                  revision);
          return bytes == null ? 0L : bytes;
        });
  }

  /** The revision of the newest block of the log; 0 when there is none. */
  long newestRevision() throws SQLException {
    return database.read(
        connection -> {
          Long newest =
              Sql.first(
                  connection,
                  "SELECT MAX(last_revision) FROM mayfly_changes"
                      + " WHERE server = ? AND snapshot IS NULL",
                  row -> row.getLong(1),
                  server);
          return newest == null ? 0L : newest;
        });
  }
}
