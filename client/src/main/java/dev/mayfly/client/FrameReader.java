package dev.mayfly.client;

/**
 * Reads the fields of a frame of the counter protocol, never beyond its end. Confined to one
 * thread.
 */
final class FrameReader {
  /** A field that is not there, or not what it should be; without a stack trace. */
  static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException() {
      super("malformed reply", null, false, false);
    }
  }

  private static final int VARINT_BYTES_MAX = 9;

  private final byte[] bytes;
  private final int end;
  private int at;

  FrameReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    at = from;
    end = to;
  }

  int unsignedByte() {
    if (at >= end) {
      throw new MalformedException();
    }
    return bytes[at++] & 0xFF;
  }

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

  static long fixed(byte[] source, int from, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (source[from + i] & 0xFFL) << (8 * i);
    }
    return value;
  }
}
