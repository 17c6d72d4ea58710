package dev.mayfly.counter;

/**
 * Writes the fields of a frame, and nothing beyond a limit: what does not fit is left out, and said
 * to be. Confined to one thread.
 */
final class FrameOutput {
  private final byte[] bytes = new byte[Frame.LENGTH_MAX];
  private int at;
  private int limit;
  private boolean overflown;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return at;
  }

  /** Begins anew behind a head of its own length. */
  void begin(int head, int end) {
    at = head;
    limit = end;
    overflown = false;
  }

  boolean isOverflown() {
    return overflown;
  }

  /** Goes back to where a field did not fit. */
  void cutTo(int length) {
    at = length;
  }

  void putByte(int value) {
    if (at < limit) {
      bytes[at++] = (byte) value;
    } else {
      overflown = true;
    }
  }

  void putVarint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      putByte((int) rest | 0x80);
      rest >>>= 7;
    }
    putByte((int) rest);
  }

  void putFixed64(long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      putByte((int) (value >>> (8 * i)));
    }
  }

  static void putFixed(byte[] target, int from, int count, long value) {
    for (int i = 0; i < count; i++) {
      target[from + i] = (byte) (value >>> (8 * i));
    }
  }
}
