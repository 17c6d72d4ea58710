package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what {@link SnapshotFileWriter} wrote, frame by frame, and refuses whatever is not exactly
 * that. Frames may be of any length: they are taken apart as they come, so that memory is that of
 * an entry, and what they had counts only once all of the file has been read. Confined to one
 * thread; borrows the stream.
 */
final class SnapshotFileReader {
  private static final long PIECE_BYTES = 1 << 20;
  private static final int COUNTERS_PER_PIECE = 2_048;

  private final DataInputStream in;
  private long frames;

  SnapshotFileReader(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /** What a snapshot is. */
  record Head(
      String server, long startedMillis, long completedMillis, long firstRevision, long revision) {}

  /** How much there was. */
  record End(long entries, long counters, long checksum) {}

  /** Takes what comes after the head. */
  interface Sink {
    void entries(List<SavedEntry> entries) throws SQLException;

    void counters(List<SavedCounter> counters) throws SQLException;

    void changes(ChangeBlock block) throws SQLException;
  }

  /** Reads what it is. */
  Head head() throws IOException {
    byte[] magic = in.readNBytes(SnapshotFileWriter.MAGIC.length);
    if (!Arrays.equals(magic, SnapshotFileWriter.MAGIC)) {
      throw new IOException(
          "it is no snapshot of mayfly, or one of another version: expected it to begin with '%s'"
              .formatted(SnapshotFileWriter.NAME));
    }
    SnapshotFrame frame = frame();
    if (frame.kind() != SnapshotFileWriter.HEAD) {
      throw damaged("it has no head");
    }
    return frame.read(
        from ->
            new Head(
                from.readUTF(),
                SavedCodec.number(from),
                SavedCodec.number(from),
                SavedCodec.number(from),
                SavedCodec.number(from)));
  }

  /** Reads all the rest. */
  End rest(Sink sink) throws IOException, SQLException {
    while (true) {
      SnapshotFrame frame = frame();
      switch (frame.kind()) {
        case SnapshotFileWriter.ENTRIES -> entries(frame, sink);
        case SnapshotFileWriter.COUNTERS -> counters(frame, sink);
        case SnapshotFileWriter.CHANGES -> sink.changes(frame.read(SnapshotFileReader::block));
        case SnapshotFileWriter.END -> {
          return end(frame);
        }
        default -> throw damaged("it has a part of kind " + frame.kind());
      }
    }
  }

  private static void entries(SnapshotFrame frame, Sink sink) throws IOException, SQLException {
    List<SavedEntry> piece = new ArrayList<>();
    long bytes = 0;
    while (frame.left() > 0) {
      SavedEntry entry = frame.readPart(SavedCodec::readEntry);
      piece.add(entry);
      bytes += entry.bytes();
      if (bytes >= PIECE_BYTES) {
        pass(piece, sink::entries, frame);
        bytes = 0;
      }
    }
    frame.requireWhole();
    pass(piece, sink::entries, frame);
  }

  private static void counters(SnapshotFrame frame, Sink sink) throws IOException, SQLException {
    List<SavedCounter> piece = new ArrayList<>();
    while (frame.left() > 0) {
      piece.add(frame.readPart(SavedCodec::readCounter));
      if (piece.size() == COUNTERS_PER_PIECE) {
        pass(piece, sink::counters, frame);
      }
    }
    frame.requireWhole();
    pass(piece, sink::counters, frame);
  }

  /** Takes a piece of what a frame has. */
  private interface Taker<T> {
    void take(List<T> piece) throws SQLException;
  }

  /** Where bytes that were not written are what the database refuses, that is the reason. */
  private static <T> void pass(List<T> piece, Taker<T> taker, SnapshotFrame frame)
      throws IOException, SQLException {
    try {
      if (!piece.isEmpty()) {
        taker.take(piece);
        piece.clear();
      }
    } catch (SQLException e) {
      frame.requireWhole();
      throw e;
    }
  }

  private static ChangeBlock block(DataInputStream from) throws IOException {
    ChangeBlock block =
        new ChangeBlock(
            SavedCodec.number(from),
            SavedCodec.number(from),
            (int) SavedCodec.number(from),
            (int) SavedCodec.number(from),
            SavedCodec.number(from),
            SavedCodec.number(from),
            SavedCodec.number(from),
            from.readAllBytes());
    try {
      var _ = block.decode();
    } catch (JournalException e) {
      throw new IOException("changes that cannot be read", e);
    }
    return block;
  }

  private End end(SnapshotFrame frame) throws IOException {
    long before = frames - 1;
    End end =
        frame.read(
            from -> {
              if (SavedCodec.number(from) != before) {
                throw new IOException("a part of it is missing");
              }
              return new End(
                  SavedCodec.number(from), SavedCodec.number(from), SavedCodec.number(from));
            });
    if (in.read() >= 0) {
      throw damaged("something follows its end");
    }
    return end;
  }

  private SnapshotFrame frame() throws IOException {
    return SnapshotFrame.begin(in, frames++);
  }

  private static IOException damaged(String why) {
    return SnapshotFrame.damaged(why);
  }
}
