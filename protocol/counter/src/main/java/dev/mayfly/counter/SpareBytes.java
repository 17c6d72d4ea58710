package dev.mayfly.counter;

/**
 * One array that the connections of an event loop use by turns, for what a single read brings:
 * mostly that is answered at once, and a new array each time would go through the whole heap.
 * Confined to its event loop.
 */
final class SpareBytes {
  /** Several reads; what is longer is not kept. */
  static final int LENGTH_MAX = 128 << 10;

  private static final byte[] NONE = {};

  private byte[] spare = NONE;

  /**
   * An array of any content, that is the caller's until it is given back.
   *
   * @param length the least that it has; it has more only up to {@link #LENGTH_MAX}
   */
  byte[] take(int length) {
    if (spare.length < length) {
      return new byte[length];
    }
    byte[] taken = spare;
    spare = NONE;
    return taken;
  }

  /** Takes an array back that nothing uses any longer, and keeps the longer one. */
  void giveBack(byte[] bytes) {
    if (bytes.length > spare.length && bytes.length <= LENGTH_MAX) {
      spare = bytes;
    }
  }
}
