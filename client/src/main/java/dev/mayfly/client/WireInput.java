package dev.mayfly.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The buffered reading side of a {@link Wire}: lines of a bounded length, and bytes.
 *
 * <p>Confined to one thread at a time. Borrows the wire.
 */
final class WireInput {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final Wire wire;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private boolean begun;

  WireInput(Wire wire) {
    this.wire = wire;
  }

  /** Forgets that anything was read: the next reply has not begun. */
  void expectReply() {
    begun = false;
  }

  /** Whether a byte has arrived since {@link #expectReply()}. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether something lies in the buffer, which between two exchanges nobody asked for. */
  boolean hasBuffered() {
    return buffer.hasRemaining();
  }

  /**
   * Reads a line without its end.
   *
   * @throws MalformedReplyException if it is longer than the bound
   * @throws EOFException if the connection ends before the line does
   */
  String line(int bytesMax) throws IOException {
    byte[] line = new byte[Math.min(bytesMax, 128)];
    int length = 0;
    while (true) {
      if (!buffer.hasRemaining() && !fill()) {
        throw new EOFException("connection closed within the head of a reply");
      }
      byte next = buffer.get();
      if (next == '\n') {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, 0, end, StandardCharsets.ISO_8859_1);
      }
      if (length == bytesMax) {
        throw new MalformedReplyException("a line of the reply's head exceeds its limit");
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, Math.min(bytesMax, length * 2));
      }
      line[length++] = next;
    }
  }

  /** As {@link java.io.InputStream#read(byte[], int, int)}, with at least one byte asked for. */
  int read(byte[] into, int offset, int length) throws IOException {
    if (!buffer.hasRemaining()) {
      if (length >= BUFFER_BYTES) {
        return wire.read(ByteBuffer.wrap(into, offset, length));
      }
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(into, offset, count);
    return count;
  }

  private boolean fill() throws IOException {
    buffer.clear();
    try {
      int count = wire.read(buffer);
      begun |= count > 0;
      return count > 0;
    } finally {
      buffer.flip();
    }
  }
}
