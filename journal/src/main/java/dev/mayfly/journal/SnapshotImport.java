package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * A snapshot that comes in from elsewhere: nobody takes it for one until all of it is there, and
 * then the next start begins with it. Confined to one thread.
 */
final class SnapshotImport implements SnapshotFileReader.Sink {
  private final Database database;
  private final long server;
  private final SnapshotWriter writer;

  private SnapshotImport(Database database, long server, SnapshotWriter writer) {
    this.database = database;
    this.server = server;
    this.writer = writer;
  }

  static SnapshotImport begin(
      Database database, long server, long firstRevision, long startedMillis) throws SQLException {
    return new SnapshotImport(
        database, server, SnapshotWriter.begin(database, server, firstRevision, startedMillis));
  }

  @Override
  public void entries(List<SavedEntry> entries) throws SQLException {
    writer.addEntries(entries);
  }

  @Override
  public void counters(List<SavedCounter> counters) throws SQLException {
    writer.addCounters(counters);
  }

  @Override
  public void changes(ChangeBlock block) throws SQLException {
    writer.addChanges(block);
  }

  void requireAll(SnapshotFileReader.End end) throws IOException {
    boolean all =
        writer.entries() == end.entries()
            && writer.counters() == end.counters()
            && writer.checksum() == end.checksum();
    if (!all) {
      throw new IOException(
          "the file is damaged: %d keys and %d counters of checksum %d, expected %d and %d of %d"
              .formatted(
                  writer.entries(),
                  writer.counters(),
                  writer.checksum(),
                  end.entries(),
                  end.counters(),
                  end.checksum()));
    }
  }

  /**
   * Lets it count, and chooses it for the next start.
   *
   * @param isWhole whether its entries are the store at its revision, without changes to complete
   *     them
   */
  SnapshotInfo complete(long revision, boolean isWhole, long nowMillis) throws SQLException {
    long counterBlock = new CounterLog(database, server).newest();
    writer.complete(
        revision,
        counterBlock,
        nowMillis,
        connection -> {
          if (isWhole) {
            Sql.update(
                connection,
                "UPDATE mayfly_snapshots SET first_revision = revision WHERE id = ?",
                writer.id());
          }
          return ServerRow.restoreFrom(connection, server, writer.id());
        });
    SnapshotInfo info = new Snapshots(database, server).find(writer.id());
    if (info == null) {
      throw new JournalException("snapshot %d is not there any more".formatted(writer.id()));
    }
    return info;
  }

  /** Deletes what is there of it. */
  void giveUp(Exception cause) {
    try {
      var _ = new Snapshots(database, server).delete(writer.id());
    } catch (SQLException e) {
      // What is left counts for nothing, and goes with the next snapshot.
      cause.addSuppressed(e);
    }
  }
}
