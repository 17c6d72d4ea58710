package dev.mayfly.journal;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/**
 * One frame of a snapshot file, whose bytes are read as they come. Whether they are those that were
 * written is known at its end. Confined to one thread; borrows the stream.
 */
final class SnapshotFrame {
  /** Of a frame that is read as a whole: a block of changes has one of some megabytes at most. */
  private static final int WHOLE_BYTES_MAX = 64 << 20;

  private static final int SKIPPED_AT_ONCE = 1 << 16;

  private final int kind;
  private final long number;
  private final int checksum;
  private final Content content;
  private final DataInputStream data;

  /** Takes something out of a frame. */
  interface Part<T> {
    T read(DataInputStream from) throws IOException;
  }

  private SnapshotFrame(int kind, long number, int length, int checksum, InputStream in) {
    this.kind = kind;
    this.number = number;
    this.checksum = checksum;
    content = new Content(in, kind, length);
    data = new DataInputStream(content);
  }

  /**
   * Reads what comes before the bytes.
   *
   * @param number how many frames were before it
   */
  static SnapshotFrame begin(DataInputStream in, long number) throws IOException {
    try {
      int kind = in.readUnsignedByte();
      int length = in.readInt();
      int checksum = in.readInt();
      if (length < 0) {
        throw damaged("a part of %d bytes".formatted(length));
      }
      return new SnapshotFrame(kind, number, length, checksum, in);
    } catch (EOFException e) {
      throw endsTooEarly(e);
    }
  }

  int kind() {
    return kind;
  }

  /** How many bytes are still to be read. */
  int left() {
    return content.left;
  }

  /** Reads a frame that is one part. */
  <T> T read(Part<T> part) throws IOException {
    if (content.left > WHOLE_BYTES_MAX) {
      throw damaged(
          "a part of kind %d and %d bytes: expected at most %d"
              .formatted(kind, content.left, WHOLE_BYTES_MAX));
    }
    T read = readPart(part);
    requireWhole();
    return read;
  }

  /** Reads what comes next. */
  <T> T readPart(Part<T> part) throws IOException {
    try {
      return part.read(data);
    } catch (IOException | IllegalArgumentException e) {
      // Where the bytes are others than were written, that is the reason.
      requireWhole();
      throw new IOException("the file is damaged: " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof EOFException || e.getMessage() == null
        ? "a part ends too early"
        : e.getMessage();
  }

  /**
   * Reads what is left, for its checksum.
   *
   * @throws IOException when the bytes are not those that were written
   */
  void requireWhole() throws IOException {
    if (content.left > 0) {
      readRest();
    }
    if ((int) content.crc.getValue() != checksum) {
      throw damaged("the checksum of part %d is wrong".formatted(number));
    }
  }

  private void readRest() throws IOException {
    byte[] skipped = new byte[SKIPPED_AT_ONCE];
    while (content.left > 0) {
      if (content.read(skipped) < 0) {
        throw endsTooEarly(new EOFException());
      }
    }
  }

  private static IOException endsTooEarly(EOFException e) {
    return new IOException("the file is damaged: it ends too early", e);
  }

  static IOException damaged(String why) {
    return new IOException("the file is damaged: " + why);
  }

  /** The bytes, and their checksum so far. */
  private static final class Content extends InputStream {
    private final InputStream in;
    private final CRC32C crc;
    private int left;

    Content(InputStream in, int kind, int length) {
      this.in = in;
      crc = SnapshotFileWriter.checksumOf(kind);
      left = length;
    }

    @Override
    public int read() throws IOException {
      int next = left == 0 ? -1 : in.read();
      if (next >= 0) {
        crc.update(next);
        left--;
      }
      return next;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int count = in.read(into, from, Math.min(length, left));
      if (count > 0) {
        crc.update(into, from, count);
        left -= count;
      }
      return count;
    }
  }
}
