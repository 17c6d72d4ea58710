package dev.mayfly.engine.memory;

import org.jspecify.annotations.Nullable;

/**
 * Which 4-byte units of a region belong to live records, in {@link MemoryMode#CHECKED}. Until a
 * heap takes the region over, all of it counts as live. Confined to the region's writer.
 */
final class Liveness {
  private static final int CHUNK_SHIFT = 18;
  private static final int CHUNK_UNITS = 1 << (CHUNK_SHIFT - 2);

  private final long[] @Nullable [] chunks;
  private boolean managed;

  Liveness(long bytes) {
    chunks = new long[Math.toIntExact((bytes >>> CHUNK_SHIFT) + 1)] @Nullable [];
  }

  /** From now on only what was set live is. */
  void manage() {
    managed = true;
  }

  void set(long offset, long bytes, boolean live) {
    long end = (offset + bytes) >>> 2;
    for (long unit = offset >>> 2; unit < end; unit++) {
      long[] words = words((int) (unit >>> (CHUNK_SHIFT - 2)));
      int bit = (int) (unit & (CHUNK_UNITS - 1));
      long mask = 1L << bit;
      words[bit >>> 6] = live ? words[bit >>> 6] | mask : words[bit >>> 6] & ~mask;
    }
  }

  /**
   * @throws MemoryCheckException if a byte of the range is in no live record
   */
  void require(long offset, long bytes, String access) {
    if (!managed || bytes <= 0) {
      return;
    }
    for (long unit = offset >>> 2; unit <= (offset + bytes - 1) >>> 2; unit++) {
      if (!isLive(unit)) {
        throw new MemoryCheckException(
            access
                + " of "
                + bytes
                + " bytes at offset "
                + offset
                + " touches offset "
                + (unit << 2)
                + ", which is in no live record");
      }
    }
  }

  private boolean isLive(long unit) {
    long[] words = chunks[(int) (unit >>> (CHUNK_SHIFT - 2))];
    int bit = (int) (unit & (CHUNK_UNITS - 1));
    return words != null && (words[bit >>> 6] >>> bit & 1) != 0;
  }

  private long[] words(int chunk) {
    long[] words = chunks[chunk];
    if (words == null) {
      words = new long[CHUNK_UNITS / 64];
      chunks[chunk] = words;
    }
    return words;
  }
}
