package dev.mayfly.http;

import io.netty.buffer.ByteBuf;

/** Lines in the bytes of a head. Stateless. */
final class Lines {
  private Lines() {}

  /** Behind the end of the line that is there; -1 if it has none. */
  static int next(ByteBuf bytes, int from, int to) {
    int end = bytes.indexOf(from, to, (byte) '\n');
    return end < 0 ? -1 : end + 1;
  }

  /** How many ends of lines there are. */
  static int count(ByteBuf bytes, int from, int to) {
    int count = 0;
    for (int at = next(bytes, from, to); at >= 0; at = next(bytes, at, to)) {
      count++;
    }
    return count;
  }

  /** Whether the line between these, with its end, is empty. */
  static boolean isEmpty(ByteBuf bytes, int from, int next) {
    return next - from == 1 || (next - from == 2 && bytes.getByte(from) == (byte) '\r');
  }
}
