package dev.mayfly.engine.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A bounds-checked part of an {@link AddressSpace}: little-endian values at byte offsets, aligned
 * or not.
 *
 * <p>Reads never fail: outside the region they give zero, and a copy is cut short. So a reader
 * without the lock may follow any garbage and validate afterwards. Writes outside throw {@link
 * IndexOutOfBoundsException}. The view of {@link #strict()} is for code that holds the lock: there
 * reads throw like writes. In {@link MemoryMode#CHECKED} writes, and strict reads, throw {@link
 * MemoryCheckException} where no live record is.
 *
 * <p>Accesses are plain unless named opaque; the caller orders them. Safe for any number of readers
 * beside one writer. The address space owns the memory.
 */
public final class Region {
  private static final long MASK_48 = (1L << 48) - 1;
  private static final int WIDEST = Long.BYTES;
  private static final int CACHE_LINE_BYTES = 64;

  /** From here on the vector comparison is faster than eight bytes at a time. */
  private static final int VECTOR_MIN = 64;

  private static final VarHandle LONG_OF_ARRAY =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A value like any other: whether it is there makes no difference. */
  private static final int UNLIKELY = 0x9E3779B9;

  private final long base;
  private final long size;

  /** Offsets below this admit any access of up to eight bytes unseen; none in checked mode. */
  private final long open;

  private final boolean strict;
  private final PageSource pages;
  private final @Nullable Liveness liveness;

  private Region(
      PageSource pages, long base, long size, @Nullable Liveness liveness, boolean strict) {
    this.pages = pages;
    this.base = base;
    this.size = size;
    this.liveness = liveness;
    this.strict = strict;
    open = liveness == null ? size - WIDEST + 1 : 0;
  }

  static Region of(PageSource pages, long offset, long bytes, MemoryMode mode) {
    Liveness liveness = mode == MemoryMode.CHECKED ? new Liveness(bytes) : null;
    return new Region(pages, pages.address() + offset, bytes, liveness, false);
  }

  /** The same memory with reads that throw: for whoever holds the writer's lock. */
  public Region strict() {
    return strict ? this : new Region(pages, base, size, liveness, true);
  }

  public long size() {
    return size;
  }

  @Nullable Liveness liveness() {
    return liveness;
  }

  /** The absolute address of the region, for alignment only. */
  long address() {
    return base;
  }

  public byte getByte(long offset) {
    return isOpen(offset) || admitsRead(offset, 1) ? RawMemory.getByte(base + offset) : 0;
  }

  public void putByte(long offset, byte value) {
    if (!isOpen(offset)) {
      requireWrite(offset, 1);
    }
    RawMemory.putByte(base + offset, value);
  }

  public short getShort(long offset) {
    return isOpen(offset) || admitsRead(offset, 2) ? RawMemory.getShort(base + offset) : 0;
  }

  public void putShort(long offset, short value) {
    if (!isOpen(offset)) {
      requireWrite(offset, 2);
    }
    RawMemory.putShort(base + offset, value);
  }

  public int getInt(long offset) {
    return isOpen(offset) || admitsRead(offset, 4) ? RawMemory.getInt(base + offset) : 0;
  }

  public void putInt(long offset, int value) {
    if (!isOpen(offset)) {
      requireWrite(offset, 4);
    }
    RawMemory.putInt(base + offset, value);
  }

  public long getLong(long offset) {
    return isOpen(offset) || admitsRead(offset, 8) ? RawMemory.getLong(base + offset) : 0;
  }

  public void putLong(long offset, long value) {
    if (!isOpen(offset)) {
      requireWrite(offset, 8);
    }
    RawMemory.putLong(base + offset, value);
  }

  /** Six bytes, unsigned. */
  public long getLong48(long offset) {
    if (isOpen(offset)) {
      return RawMemory.getLong(base + offset) & MASK_48;
    }
    if (!admitsRead(offset, 6)) {
      return 0;
    }
    return (RawMemory.getInt(base + offset) & 0xFFFFFFFFL)
        | (RawMemory.getShort(base + offset + 4) & 0xFFFFL) << 32;
  }

  /** Stores the low six bytes. */
  public void putLong48(long offset, long value) {
    if (!isOpen(offset)) {
      requireWrite(offset, 6);
    }
    RawMemory.putInt(base + offset, (int) value);
    RawMemory.putShort(base + offset + 4, (short) (value >>> 32));
  }

  /**
   * Asks memory for the line that holds the offset, without waiting for it. A load whose result
   * nobody needs would be left out by the compiler, an opaque one too.
   */
  public void touch(long offset) {
    if (getInt(offset) == UNLIKELY) {
      Thread.onSpinWait();
    }
  }

  /**
   * Asks memory for several lines at each of these places, for all of them at once: nothing but the
   * loads is between them, so that as many are under way as the processor can keep.
   *
   * @param count how many of the places
   */
  public static void touchAll(Region[] regions, long[] offsets, int count, int lines) {
    int seen = 0;
    for (int i = 0; i < count; i++) {
      for (int line = 0; line < lines; line++) {
        seen ^= regions[i].getInt(offsets[i] + (long) line * CACHE_LINE_BYTES);
      }
    }
    if (seen == UNLIKELY) {
      Thread.onSpinWait();
    }
  }

  /** Opaque; the offset must be a multiple of 4, else the read is a plain one. */
  public int getIntOpaque(long offset) {
    if ((offset & 3) != 0) {
      return getInt(offset);
    }
    return isOpen(offset) || admitsRead(offset, 4) ? RawMemory.getIntOpaque(base + offset) : 0;
  }

  /**
   * Opaque.
   *
   * @throws IllegalArgumentException if the offset is no multiple of 4
   */
  public void putIntOpaque(long offset, int value) {
    requireAligned(offset, 4);
    if (!isOpen(offset)) {
      requireWrite(offset, 4);
    }
    RawMemory.putIntOpaque(base + offset, value);
  }

  /** Opaque and atomic; the offset must be a multiple of 8, else the read is a plain one. */
  public long getLongOpaque(long offset) {
    if ((offset & 7) != 0) {
      return getLong(offset);
    }
    return isOpen(offset) || admitsRead(offset, 8) ? RawMemory.getLongOpaque(base + offset) : 0;
  }

  /**
   * Opaque and atomic.
   *
   * @throws IllegalArgumentException if the offset is no multiple of 8
   */
  public void putLongOpaque(long offset, long value) {
    requireAligned(offset, 8);
    if (!isOpen(offset)) {
      requireWrite(offset, 8);
    }
    RawMemory.putLongOpaque(base + offset, value);
  }

  /**
   * Copies bytes to the heap. A range that is partly outside is cut, one that is wholly outside
   * copies nothing; the rest of the target stays as it is.
   */
  public void copyOut(long offset, byte[] target, int targetOffset, int length) {
    if (length <= 0 || (!admitsRead(offset, length) && outside(offset, 1))) {
      return;
    }
    int bytes = (int) Math.min(length, size - offset);
    RawMemory.copyOut(base + offset, target, targetOffset, bytes);
  }

  public void copyIn(byte[] source, int sourceOffset, long offset, int length) {
    requireWrite(offset, length);
    RawMemory.copyIn(source, sourceOffset, base + offset, length);
  }

  /** Copies within the region; the ranges may overlap. */
  public void move(long from, long to, long length) {
    requireMove(from, length);
    requireWrite(to, length);
    RawMemory.move(base + from, base + to, length);
  }

  /** Copies into another region, or to another place in this one. */
  public void copyTo(long offset, Region target, long targetOffset, long length) {
    requireMove(offset, length);
    target.requireWrite(targetOffset, length);
    RawMemory.move(base + offset, target.base + targetOffset, length);
  }

  /** Sets each byte of the range. */
  public void fill(long offset, long length, byte value) {
    requireWrite(offset, length);
    RawMemory.fill(base + offset, length, value);
  }

  /** Sets each byte, live or not: for the heap's own marks in dead memory. */
  void fillDead(long offset, long length, byte value) {
    requireInside(offset, length);
    RawMemory.fill(base + offset, length, value);
  }

  /** Whether the bytes at the offset equal those of the array; false outside the region. */
  public boolean matches(long offset, byte[] bytes, int bytesOffset, int length) {
    if (length < 0 || !admitsRead(offset, length)) {
      return false;
    }
    long at = base + offset;
    if (length >= VECTOR_MIN) {
      return RawMemory.equalBytes(at, bytes, bytesOffset, length);
    }
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (RawMemory.getLong(at + i) != (long) LONG_OF_ARRAY.get(bytes, bytesOffset + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (RawMemory.getByte(at + i) != bytes[bytesOffset + i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Gives the whole pages inside the range back to the system. What they hold afterwards is
   * undefined: zero on Linux. Readers may go on reading them.
   */
  public void discard(long offset, long length) {
    requireInside(offset, length);
    long page = pages.pageSize();
    long from = (base + offset + page - 1) & -page;
    long to = (base + offset + length) & -page;
    if (to > from) {
      pages.discard(from, to - from);
    }
  }

  /** Asks for huge pages in the range; returns whether the system took the advice. */
  public boolean adviseHuge(long offset, long length) {
    return advise(offset, length, true);
  }

  /** Takes {@link #adviseHuge} back. */
  boolean adviseSmall(long offset, long length) {
    return advise(offset, length, false);
  }

  private boolean advise(long offset, long length, boolean huge) {
    requireInside(offset, length);
    long page = pages.pageSize();
    long from = (base + offset) & -page;
    return pages.adviseHuge(from, base + offset + length - from, huge);
  }

  private boolean isOpen(long offset) {
    return Long.compareUnsigned(offset, open) < 0;
  }

  private boolean outside(long offset, long length) {
    return offset < 0 || length < 0 || length > size - offset;
  }

  private boolean admitsRead(long offset, long length) {
    if (strict) {
      requireInside(offset, length);
      if (liveness != null) {
        liveness.require(offset, length, "read");
      }
      return true;
    }
    return !outside(offset, length);
  }

  private void requireMove(long offset, long length) {
    requireInside(offset, length);
    if (strict && liveness != null) {
      liveness.require(offset, length, "move");
    }
  }

  private void requireWrite(long offset, long length) {
    requireInside(offset, length);
    if (liveness != null) {
      liveness.require(offset, length, "write");
    }
  }

  private void requireInside(long offset, long length) {
    if (outside(offset, length)) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + " + " + length + " is outside a region of " + size + " bytes");
    }
  }

  private static void requireAligned(long offset, int alignment) {
    if ((offset & (alignment - 1)) != 0) {
      throw new IllegalArgumentException("offset " + offset + " is no multiple of " + alignment);
    }
  }
}
