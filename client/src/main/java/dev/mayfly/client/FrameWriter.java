package dev.mayfly.client;

import java.util.Arrays;

/** Writes the fields of a frame of the counter protocol, little-endian. Confined to one thread. */
final class FrameWriter {
  private byte[] bytes;
  private int at;

  FrameWriter(int expectedBytes) {
    bytes = new byte[expectedBytes];
  }

  int length() {
    return at;
  }

  FrameWriter putByte(int value) {
    reserve(1);
    bytes[at++] = (byte) value;
    return this;
  }

  /** Seven bits to a byte, the lowest first. */
  FrameWriter putVarint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      putByte((int) rest | 0x80);
      rest >>>= 7;
    }
    return putByte((int) rest);
  }

  FrameWriter putFixed(int count, long value) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[at++] = (byte) (value >>> (8 * i));
    }
    return this;
  }

  FrameWriter putBytes(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, at, value.length);
    at += value.length;
    return this;
  }

  /** A length and so many bytes. */
  FrameWriter putName(byte[] value) {
    return putVarint(value.length).putBytes(value);
  }

  /** Zeros up to this length. */
  FrameWriter padTo(int length) {
    if (length > at) {
      reserve(length - at);
      Arrays.fill(bytes, at, length, (byte) 0);
      at = length;
    }
    return this;
  }

  /** Writes over what is there. */
  void setFixed(int place, int count, long value) {
    for (int i = 0; i < count; i++) {
      bytes[place + i] = (byte) (value >>> (8 * i));
    }
  }

  /** A copy of what was written. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, at);
  }

  /** How many bytes a number takes. */
  static int varintBytes(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  private void reserve(int count) {
    if (at + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + count));
    }
  }
}
