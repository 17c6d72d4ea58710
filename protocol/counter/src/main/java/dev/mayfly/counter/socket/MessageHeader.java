package dev.mayfly.counter.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * The layout of struct mmsghdr in an array: name (8 bytes) and its length (4, and 4 that pad),
 * vectors (8) and their number (8), control (8) and its length (8), flags (4, and 4 that pad),
 * bytes received (4, and 4 that pad); and that of struct iovec: where (8), how many bytes (8).
 * 64-bit Linux. Static.
 */
final class MessageHeader {
  static final long BYTES = 64;
  static final long VECTOR = 16;

  private static final long NAME_LENGTH = 8;
  private static final long VECTORS = 16;
  private static final long VECTOR_COUNT = 24;
  private static final long CONTROL = 32;
  private static final long CONTROL_LENGTH = 40;
  private static final long RECEIVED = 56;
  private static final long VECTOR_LENGTH = 8;

  private MessageHeader() {}

  /** A message of one vector and no control data. */
  static void write(MemorySegment headers, int at, long name, int nameLength, long vector) {
    long header = at * BYTES;
    headers.set(JAVA_LONG, header, name);
    headers.set(JAVA_INT, header + NAME_LENGTH, nameLength);
    headers.set(JAVA_LONG, header + VECTORS, vector);
    headers.set(JAVA_LONG, header + VECTOR_COUNT, 1);
    control(headers, at, 0, 0);
  }

  static void vector(MemorySegment vectors, int at, long from, long length) {
    vectors.set(JAVA_LONG, at * VECTOR, from);
    vectors.set(JAVA_LONG, at * VECTOR + VECTOR_LENGTH, length);
  }

  static int vectorCount(MemorySegment headers, int at) {
    return (int) headers.get(JAVA_LONG, at * BYTES + VECTOR_COUNT);
  }

  static void vectorCount(MemorySegment headers, int at, int count) {
    headers.set(JAVA_LONG, at * BYTES + VECTOR_COUNT, count);
  }

  static void control(MemorySegment headers, int at, long control, long length) {
    headers.set(JAVA_LONG, at * BYTES + CONTROL, control);
    headers.set(JAVA_LONG, at * BYTES + CONTROL_LENGTH, length);
  }

  static int nameLength(MemorySegment headers, int at) {
    return headers.get(JAVA_INT, at * BYTES + NAME_LENGTH);
  }

  static void nameLength(MemorySegment headers, int at, int length) {
    headers.set(JAVA_INT, at * BYTES + NAME_LENGTH, length);
  }

  static int received(MemorySegment headers, int at) {
    return headers.get(JAVA_INT, at * BYTES + RECEIVED);
  }
}
