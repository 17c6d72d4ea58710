package dev.mayfly.journal;

import dev.mayfly.store.ChangeCodec;
import dev.mayfly.store.ChangeCut;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of changes of one server: each cut is a block, in parts if it is big, written in one
 * transaction. A block says after which revision it begins and with which it ends, so that a
 * missing one is noticed. Blocks are the log's, or complete one snapshot. Safe for concurrent use.
 */
final class ChangeLog {
  private static final int PART_BYTES_MAX = 1 << 20;
  private static final String VALUES =
      " last_revision, part, parts, first_revision, changes, written, checksum, data)"
          + " VALUES (?,?,?,?,?,?,?,?,?)";
  private static final String INSERT = "INSERT INTO mayfly_changes (server," + VALUES;
  private static final String INSERT_OWN =
      "INSERT INTO mayfly_snapshot_changes (snapshot," + VALUES;
  private static final String DELETE =
      "DELETE FROM mayfly_changes WHERE server = ? AND last_revision = ?";
  private static final String COLUMNS =
      "SELECT first_revision, last_revision, part, parts, changes, written, checksum, data FROM ";

  private final Database database;
  private final long server;

  ChangeLog(Database database, long server) {
    this.database = database;
    this.server = server;
  }

  /**
   * Writes the changes of a cut to the log, in a transaction of the connection; again, where it is
   * not known whether that was done before.
   *
   * @param after the revision of the cut before
   * @return how many bytes
   */
  long write(KeptConnection kept, ChangeCut cut, long after, boolean again, long nowMillis)
      throws SQLException {
    if (again) {
      PreparedStatement delete = kept.prepare(DELETE);
      delete.setLong(1, server);
      delete.setLong(2, cut.revision());
      delete.executeUpdate();
    }
    return insert(kept.prepare(INSERT), server, blocks(cut, after, nowMillis));
  }

  /** Writes the changes of a cut that complete a snapshot. */
  long writeOwn(ChangeCut cut, long after, long snapshot, long nowMillis) throws SQLException {
    List<ChangeBlock> blocks = blocks(cut, after, nowMillis);
    return database.write(connection -> insertOwn(connection, snapshot, blocks));
  }

  static long insertOwn(Connection connection, long snapshot, List<ChangeBlock> blocks)
      throws SQLException {
    try (PreparedStatement into = connection.prepareStatement(INSERT_OWN)) {
      return insert(into, snapshot, blocks);
    }
  }

  private static long insert(PreparedStatement into, long owner, List<ChangeBlock> blocks)
      throws SQLException {
    long bytes = 0;
    for (ChangeBlock block : blocks) {
      into.setLong(1, owner);
      into.setLong(2, block.revision());
      into.setInt(3, block.part());
      into.setInt(4, block.parts());
      into.setLong(5, block.after());
      into.setLong(6, block.changes());
      into.setLong(7, block.writtenMillis());
      into.setLong(8, block.checksum());
      into.setBytes(9, block.data());
      into.executeUpdate();
      bytes += block.data().length;
    }
    return bytes;
  }

  private static List<ChangeBlock> blocks(ChangeCut cut, long after, long nowMillis) {
    List<List<ChangeCut.Piece>> parts = new ArrayList<>();
    List<ChangeCut.Piece> together = new ArrayList<>();
    long bytes = 0;
    for (ChangeCut.Piece piece : cut.pieces()) {
      if (bytes > 0 && bytes + piece.size() > PART_BYTES_MAX) {
        parts.add(together);
        together = new ArrayList<>();
        bytes = 0;
      }
      together.add(piece);
      bytes += piece.size();
    }
    parts.add(together);
    List<ChangeBlock> blocks = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      blocks.add(join(parts.get(i), i, parts.size(), cut.revision(), after, nowMillis));
    }
    return blocks;
  }

  private static ChangeBlock join(
      List<ChangeCut.Piece> pieces, int part, int parts, long revision, long after, long millis) {
    byte[] data = new byte[pieces.stream().mapToInt(ChangeCut.Piece::size).sum()];
    int at = 0;
    int count = 0;
    for (ChangeCut.Piece piece : pieces) {
      System.arraycopy(piece.bytes(), piece.from(), data, at, piece.size());
      for (int end = at + piece.size(); at < end; at += ChangeCodec.bytes(data, at)) {
        count++;
      }
    }
    return ChangeBlock.of(after, revision, part, parts, count, millis, data);
  }

  /** Takes blocks as they are read. */
  interface Sink<E extends Exception> {
    void accept(ChangeBlock block) throws E;
  }

  /** Where a block is. */
  private record Place(boolean own, long revision, long part, long after) {}

  /**
   * Reads the blocks that end after a revision, in their order: those of one snapshot, and those of
   * the log that follow.
   *
   * @param snapshot 0: of none
   * @param until reads no block that begins with this or a later revision
   */
  <E extends Exception> void read(long after, long snapshot, long until, Sink<E> sink)
      throws SQLException, E {
    List<Place> places = new ArrayList<>(places(true, snapshot, after, until));
    long begin = places.isEmpty() ? after : places.getLast().revision;
    places.addAll(
        places(false, server, begin, until).stream().filter(log -> log.after >= begin).toList());
    for (Place place : places) {
      ChangeBlock block = database.read(connection -> block(connection, snapshot, place));
      if (block == null) {
        throw new JournalException(
            "changes up to revision %d are not there any more".formatted(place.revision));
      }
      sink.accept(block);
    }
  }

  private List<Place> places(boolean own, long owner, long after, long until) throws SQLException {
    return database.read(
        connection ->
            Sql.list(
                connection,
                "SELECT last_revision, part, first_revision FROM "
                    + from(own)
                    + " = ? AND last_revision > ? AND first_revision < ?"
                    + " ORDER BY last_revision, part",
                row -> new Place(own, row.getLong(1), row.getLong(2), row.getLong(3)),
                owner,
                after,
                until));
  }

  private static String from(boolean own) {
    return own ? "mayfly_snapshot_changes WHERE snapshot" : "mayfly_changes WHERE server";
  }

  private @Nullable ChangeBlock block(Connection connection, long snapshot, Place place)
      throws SQLException {
    return Sql.first(
        connection,
        COLUMNS + from(place.own) + " = ? AND last_revision = ? AND part = ?",
        ChangeLog::block,
        place.own ? snapshot : server,
        place.revision,
        place.part);
  }

  private static ChangeBlock block(ResultSet row) throws SQLException {
    return new ChangeBlock(
        row.getLong(1),
        row.getLong(2),
        row.getInt(3),
        row.getInt(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getBytes(8));
  }

  /** The revision that the newest block ends with; 0 when there is none. */
  long newestRevision() throws SQLException {
    return database.read(
        connection ->
            Sql.number(
                connection,
                "SELECT MAX(last_revision) FROM mayfly_changes WHERE server = ?",
                server));
  }

  /** When the newest block was written; 0 when there is none. */
  long newestMillis() throws SQLException {
    return database.read(
        connection ->
            Sql.number(
                connection,
                "SELECT written FROM mayfly_changes WHERE server = ?"
                    + " ORDER BY last_revision DESC LIMIT 1",
                server));
  }

  /** How many bytes of changes the log has after a revision. */
  long bytesAfter(long revision) throws SQLException {
    return database.read(
        connection ->
            Sql.number(
                connection,
                "SELECT SUM(LENGTH(data)) FROM mayfly_changes"
                    + " WHERE server = ? AND last_revision > ?",
                server,
                revision));
  }
}
