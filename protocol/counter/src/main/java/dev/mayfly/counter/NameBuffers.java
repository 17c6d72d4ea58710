package dev.mayfly.counter;

import java.util.Arrays;

/**
 * Names cut out of a message: arrays of just their length, which a call that does not keep its
 * arguments may be given. A short name's array is used again for the next one of its length, so
 * that reading names allocates nothing. Confined to one thread.
 */
final class NameBuffers {
  /** Longer ones are rare; all shorter lengths together take 8 KiB. */
  private static final int REUSED_BYTES_MAX = 128;

  private static final byte[] EMPTY = {};

  private final byte[][] byLength = new byte[REUSED_BYTES_MAX + 1][];

  NameBuffers() {
    Arrays.fill(byLength, EMPTY);
  }

  /** The bytes of the range, until the next name of this length is cut. */
  byte[] cut(byte[] source, int from, int to) {
    int length = to - from;
    if (length > REUSED_BYTES_MAX) {
      return Arrays.copyOfRange(source, from, to);
    }
    byte[] name = byLength[length];
    if (name.length != length) {
      name = new byte[length];
      byLength[length] = name;
    }
    System.arraycopy(source, from, name, 0, length);
    return name;
  }
}
