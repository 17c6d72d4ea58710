package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what {@link SnapshotFileWriter} wrote, frame by frame, and refuses whatever is not exactly
 * that. Memory is that of a frame. Confined to one thread; borrows the stream.
 */
final class SnapshotFileReader {
  /** More than the largest value and its history, far less than a damaged length. */
  private static final int FRAME_BYTES_MAX = 1 << 30;

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
    Frame frame = frame();
    if (frame.kind != SnapshotFileWriter.HEAD) {
      throw damaged("it has no head");
    }
    DataInputStream from = frame.open();
    return new Head(
        from.readUTF(),
        SavedCodec.number(from),
        SavedCodec.number(from),
        SavedCodec.number(from),
        SavedCodec.number(from));
  }

  /** Reads all the rest. */
  End rest(Sink sink) throws IOException, SQLException {
    while (true) {
      Frame frame = frame();
      switch (frame.kind) {
        case SnapshotFileWriter.ENTRIES -> sink.entries(entries(frame));
        case SnapshotFileWriter.COUNTERS -> sink.counters(CounterBlock.decode(frame.data));
        case SnapshotFileWriter.CHANGES -> sink.changes(block(frame));
        case SnapshotFileWriter.END -> {
          return end(frame);
        }
        default -> throw damaged("it has a part of kind " + frame.kind);
      }
    }
  }

  private static List<SavedEntry> entries(Frame frame) throws IOException {
    List<SavedEntry> entries = new ArrayList<>();
    DataInputStream from = frame.open();
    while (from.available() > 0) {
      entries.add(SavedCodec.readEntry(from));
    }
    return entries;
  }

  private static ChangeBlock block(Frame frame) throws IOException {
    DataInputStream from = frame.open();
    return new ChangeBlock(
        SavedCodec.number(from),
        SavedCodec.number(from),
        (int) SavedCodec.number(from),
        (int) SavedCodec.number(from),
        SavedCodec.number(from),
        SavedCodec.number(from),
        SavedCodec.number(from),
        from.readAllBytes());
  }

  private End end(Frame frame) throws IOException {
    DataInputStream from = frame.open();
    if (SavedCodec.number(from) != frames - 1) {
      throw damaged("a part of it is missing");
    }
    if (in.read() >= 0) {
      throw damaged("something follows its end");
    }
    return new End(SavedCodec.number(from), SavedCodec.number(from), SavedCodec.number(from));
  }

  private record Frame(int kind, byte[] data) {
    DataInputStream open() {
      return new DataInputStream(new ByteArrayInputStream(data));
    }
  }

  private Frame frame() throws IOException {
    try {
      int kind = in.readUnsignedByte();
      int length = in.readInt();
      int checksum = in.readInt();
      if (length < 0 || length > FRAME_BYTES_MAX) {
        throw damaged("a part of %d bytes".formatted(length));
      }
      byte[] data = in.readNBytes(length);
      if (data.length < length) {
        throw new EOFException();
      }
      if (SnapshotFileWriter.checksum(kind, data) != checksum) {
        throw damaged("the checksum of part %d is wrong".formatted(frames));
      }
      frames++;
      return new Frame(kind, data);
    } catch (EOFException e) {
      throw new IOException("the file is damaged: it ends too early", e);
    }
  }

  private static IOException damaged(String why) {
    return new IOException("the file is damaged: " + why);
  }
}
