package dev.mayfly.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/**
 * Snapshots of one server as files: they go out and come in a page at a time. Safe for concurrent
 * use, but for imports: nobody else may begin a snapshot meanwhile.
 */
final class SnapshotFiles {
  private final Database database;
  private final long server;

  SnapshotFiles(Database database, long server) {
    this.database = database;
    this.server = server;
  }

  /**
   * Writes a snapshot out; the stream is not closed.
   *
   * @throws JournalException when it is damaged, or was deleted meanwhile
   */
  void export(SnapshotInfo info, OutputStream out) throws IOException, SQLException {
    SnapshotFileWriter into = new SnapshotFileWriter(out);
    into.head(info);
    SnapshotReader reader = new SnapshotReader(database, info);
    long sum;
    try {
      sum = reader.entries(0, info.entries(), page -> unchecked(() -> into.entries(page)));
      sum += reader.counters(page -> unchecked(() -> into.counters(page)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (info.revision() > info.firstRevision()) {
      ChangeLog.Sink<IOException> changes = into::changes;
      new ChangeLog(database, server)
          .read(info.firstRevision(), info.id(), info.revision(), changes);
    }
    if (sum != info.checksum()) {
      throw new JournalException(
          "snapshot %d is damaged, or was deleted meanwhile: its checksum is %d, expected %d"
              .formatted(info.id(), sum, info.checksum()));
    }
    into.end(info);
  }

  /** Something that a file does not take. */
  private interface Writing {
    void run() throws IOException;
  }

  private static void unchecked(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes a snapshot in; the next start begins with it. Of a file that is damaged nothing is kept.
   *
   * @throws IOException when the file is damaged, or cannot be read
   */
  SnapshotInfo importFrom(InputStream in, long nowMillis) throws IOException, SQLException {
    SnapshotFileReader reader = new SnapshotFileReader(in);
    SnapshotFileReader.Head head = reader.head();
    SnapshotImport into =
        SnapshotImport.begin(database, server, head.firstRevision(), head.startedMillis());
    try {
      into.requireAll(reader.rest(into));
      return into.complete(head.revision(), false, nowMillis);
    } catch (IOException | SQLException | RuntimeException e) {
      into.giveUp(e);
      throw e;
    }
  }
}
