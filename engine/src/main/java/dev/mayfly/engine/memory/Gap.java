package dev.mayfly.engine.memory;

/**
 * The middle of a region that neither slabs, which grow from the bottom, nor runs of pages, which
 * grow from the top, have taken. Offsets in bytes, page-aligned. Confined to the writer.
 */
final class Gap {
  static final long NONE = -1;

  private final long regionAddress;
  private long low;
  private long high;

  Gap(long regionAddress, long bytes) {
    this.regionAddress = regionAddress;
    high = bytes;
  }

  /** Where the slabs end. */
  long low() {
    return low;
  }

  /** Where the runs begin. */
  long high() {
    return high;
  }

  /** Takes bytes at the bottom; returns their offset or {@link #NONE}. */
  long takeLow(long bytes) {
    if (high - low < bytes) {
      return NONE;
    }
    low += bytes;
    return low - bytes;
  }

  void giveLow(long bytes) {
    low -= bytes;
  }

  /**
   * Takes bytes at the top so that their address is a multiple of the alignment; returns their
   * offset or {@link #NONE}; never the region's first page, whose ref would be 0. What lies between
   * their end and the old top is the caller's too.
   */
  long takeHigh(long bytes, long alignment) {
    if (high - low < bytes) {
      return NONE;
    }
    long start = alignDown(high - bytes, alignment);
    if (start < Math.max(low, SizeClasses.PAGE)) {
      return NONE;
    }
    high = start;
    return start;
  }

  void giveHigh(long newHigh) {
    high = newHigh;
  }

  /** The highest offset not above the given one whose address is a multiple of the alignment. */
  long alignDown(long offset, long alignment) {
    return ((regionAddress + offset) & -alignment) - regionAddress;
  }
}
