package dev.mayfly.counter;

/** Reads the fields of a frame and never beyond its end. Confined to one thread. */
final class FrameInput {
  /** A field that is not there, or not what it should be; without a stack trace. */
  static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedException() {
      super("malformed operation", null, false, false);
    }
  }

  private static final int VARINT_BYTES_MAX = 9;

  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  /** Reads this range from now on. */
  void wrap(byte[] source, int from, int to) {
    bytes = source;
    at = from;
    end = to;
  }

  int unsignedByte() {
    if (at >= end) {
      throw new MalformedException();
    }
    return bytes[at++] & 0xFF;
  }

  /** Seven bits to a byte, the lowest first; at most 63 bits. */
  long varint() {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      int next = unsignedByte();
      value |= (next & 0x7FL) << (7 * i);
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedException();
  }

  long fixed64() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value |= (long) unsignedByte() << (8 * i);
    }
    return value;
  }

  /** A length and so many bytes, for as long as the buffers say. */
  byte[] bytes(NameBuffers buffers) {
    long length = varint();
    if (length > end - at) {
      throw new MalformedException();
    }
    int from = at;
    at += (int) length;
    return buffers.cut(bytes, from, at);
  }

  static long fixed(byte[] source, int from, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (source[from + i] & 0xFFL) << (8 * i);
    }
    return value;
  }
}
