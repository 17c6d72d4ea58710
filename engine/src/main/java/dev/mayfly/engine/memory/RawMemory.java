package dev.mayfly.engine.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Memory by absolute address, without any check: the callers, {@link Region} and the page sources,
 * have checked. Little-endian everywhere. Stateless.
 *
 * <p>One segment spans the whole address space; it is a constant, so that the compiler folds its
 * base, its bounds and its scope into the access.
 */
final class RawMemory {
  @SuppressWarnings("restricted")
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle ALIGNED_INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle ALIGNED_LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private RawMemory() {}

  static byte getByte(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }

  static void putByte(long address, byte value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, value);
  }

  static short getShort(long address) {
    return ALL.get(SHORT, address);
  }

  static void putShort(long address, short value) {
    ALL.set(SHORT, address, value);
  }

  static int getInt(long address) {
    return ALL.get(INT, address);
  }

  static void putInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  static void putLong(long address, long value) {
    ALL.set(LONG, address, value);
  }

  static int getIntOpaque(long address) {
    return (int) ALIGNED_INT.getOpaque(ALL, address);
  }

  static void putIntOpaque(long address, int value) {
    ALIGNED_INT.setOpaque(ALL, address, value);
  }

  static long getLongOpaque(long address) {
    return (long) ALIGNED_LONG.getOpaque(ALL, address);
  }

  static void putLongOpaque(long address, long value) {
    ALIGNED_LONG.setOpaque(ALL, address, value);
  }

  static void copyOut(long address, byte[] target, int targetOffset, int length) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, target, targetOffset, length);
  }

  static void copyIn(byte[] source, int sourceOffset, long address, int length) {
    MemorySegment.copy(source, sourceOffset, ALL, ValueLayout.JAVA_BYTE, address, length);
  }

  static void move(long from, long to, long length) {
    MemorySegment.copy(ALL, from, ALL, to, length);
  }

  static void fill(long address, long length, byte value) {
    ALL.asSlice(address, length).fill(value);
  }

  /** Whether the bytes are equal; by the vector unit, for lengths where its set-up pays. */
  static boolean equalBytes(long address, byte[] bytes, int offset, int length) {
    MemorySegment other = MemorySegment.ofArray(bytes);
    return MemorySegment.mismatch(
            ALL, address, address + length, other, offset, (long) offset + length)
        < 0;
  }
}
