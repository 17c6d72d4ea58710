package dev.mayfly.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of bytes, each of a bounded length.
 *
 * <p>A line ends with a line feed, before which one carriage return is dropped. Confined to one
 * thread, except {@link #bytesRead()}. Borrows the stream.
 */
final class LineReader {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private final int lineBytesMax;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private byte[] line = new byte[256];
  private int at;
  private int end;
  private boolean tooLong;
  private volatile long bytesRead;

  LineReader(InputStream in, int lineBytesMax) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
  }

  /** The next line without its end, cut off at the bound; null at the end. */
  byte @Nullable [] next() throws IOException {
    int length = 0;
    boolean any = false;
    tooLong = false;
    while (at < end || fill()) {
      any = true;
      int feed = lineFeed();
      int count = (feed < 0 ? end : feed) - at;
      int kept = Math.min(count, lineBytesMax - length);
      tooLong |= kept < count;
      append(length, kept);
      length += kept;
      at += feed < 0 ? count : count + 1;
      if (feed >= 0) {
        break;
      }
    }
    if (!any) {
      return null;
    }
    boolean dropsReturn = length > 0 && line[length - 1] == '\r';
    return Arrays.copyOf(line, dropsReturn ? length - 1 : length);
  }

  /** Whether the last line was longer than the bound. */
  boolean wasTooLong() {
    return tooLong;
  }

  /** Whether the next line would have to be waited for. */
  boolean isWaiting() throws IOException {
    return at == end && in.available() == 0;
  }

  /** How much was taken from the stream. */
  long bytesRead() {
    return bytesRead;
  }

  private int lineFeed() {
    for (int i = at; i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void append(int length, int count) {
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(length + count, Math.min(lineBytesMax, length * 2)));
    }
    System.arraycopy(buffer, at, line, length, count);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private boolean fill() throws IOException {
    int count = in.read(buffer, 0, buffer.length);
    at = 0;
    end = Math.max(0, count);
    bytesRead += end;
    return count > 0;
  }
}
