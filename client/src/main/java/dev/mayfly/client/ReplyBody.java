package dev.mayfly.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a reply, read off the connection as it is asked for.
 *
 * <p>An end that comes before the announced one is an error, never a short body. Confined to one
 * thread at a time. Borrows the connection; closing it is the reply's business.
 */
abstract sealed class ReplyBody extends InputStream {
  final WireInput in;
  private boolean finished;

  private ReplyBody(WireInput in) {
    this.in = in;
  }

  /**
   * The body that a head announces.
   *
   * @param hasNone whether the request or the status leaves the reply without a body
   */
  static ReplyBody of(ReplyHead head, boolean hasNone, WireInput in) throws IOException {
    if (hasNone) {
      return new Counted(in, 0);
    }
    if (head.isChunked()) {
      return new Chunked(in);
    }
    long length = head.contentLength();
    return length < 0 ? new OpenEnded(in) : new Counted(in, length);
  }

  /** Whether all of it was read and the connection stands behind it. */
  boolean isFinished() {
    return finished;
  }

  final void finish() {
    finished = true;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    return finished ? -1 : readSome(into, offset, length);
  }

  abstract int readSome(byte[] into, int offset, int length) throws IOException;

  final int require(int count) throws EOFException {
    if (count < 0) {
      throw new EOFException("connection closed within the body of a reply");
    }
    return count;
  }

  /** A body of known length. */
  private static final class Counted extends ReplyBody {
    private long left;

    Counted(WireInput in, long length) {
      super(in);
      left = length;
      if (left == 0) {
        finish();
      }
    }

    @Override
    int readSome(byte[] into, int offset, int length) throws IOException {
      int count = require(in.read(into, offset, (int) Math.min(length, left)));
      left -= count;
      if (left == 0) {
        finish();
      }
      return count;
    }
  }

  /** A body in chunks (RFC 9112, section 7.1); extensions and trailers are passed over. */
  private static final class Chunked extends ReplyBody {
    private static final int LINE_BYTES_MAX = 4096;
    private static final int TRAILERS_MAX = 64;
    private static final int SIZE_DIGITS_MAX = 15;

    private long left;
    private boolean begun;

    Chunked(WireInput in) {
      super(in);
    }

    @Override
    int readSome(byte[] into, int offset, int length) throws IOException {
      if (left == 0 && !nextChunk()) {
        finish();
        return -1;
      }
      int count = require(in.read(into, offset, (int) Math.min(length, left)));
      left -= count;
      return count;
    }

    private boolean nextChunk() throws IOException {
      if (begun && !in.line(LINE_BYTES_MAX).isEmpty()) {
        throw new MalformedReplyException("a chunk of the reply is longer than it says");
      }
      begun = true;
      left = size(in.line(LINE_BYTES_MAX));
      if (left > 0) {
        return true;
      }
      for (int i = 0; i < TRAILERS_MAX; i++) {
        if (in.line(LINE_BYTES_MAX).isEmpty()) {
          return false;
        }
      }
      throw new MalformedReplyException("more than " + TRAILERS_MAX + " trailers");
    }

    private static long size(String line) throws MalformedReplyException {
      int end = line.indexOf(';');
      String digits = (end < 0 ? line : line.substring(0, end)).strip();
      try {
        if (!digits.isEmpty()
            && digits.length() <= SIZE_DIGITS_MAX
            && Character.digit(digits.charAt(0), 16) >= 0) {
          return Long.parseLong(digits, 16);
        }
      } catch (NumberFormatException e) {
        throw new MalformedReplyException("the size of a chunk is not a number", e);
      }
      throw new MalformedReplyException("the size of a chunk is not a number");
    }
  }

  /** A body that ends with the connection, which serves no further exchange. */
  private static final class OpenEnded extends ReplyBody {
    OpenEnded(WireInput in) {
      super(in);
    }

    @Override
    boolean isFinished() {
      return false;
    }

    @Override
    int readSome(byte[] into, int offset, int length) throws IOException {
      int count = in.read(into, offset, length);
      if (count < 0) {
        finish();
      }
      return count;
    }
  }
}
