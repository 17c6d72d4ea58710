package dev.mayfly.engine.memory;

/**
 * The sizes that slabs are cut into: every 4 bytes from 16 to 128, then sixteen steps to each
 * doubling up to 32 KiB, so that a record wastes at most a sixteenth above 64 bytes and at most 3
 * bytes below. Larger records are runs of whole pages. Stateless.
 */
final class SizeClasses {
  static final int SMALLEST = 16;
  static final int LARGEST = 32 << 10;
  static final int PAGE = 4096;

  private static final int FINE_MAX = 128;
  private static final int FINE_COUNT = (FINE_MAX - SMALLEST) / 4 + 1;
  private static final int FINE_MAX_LOG = 7;
  private static final int STEPS_LOG = 4;
  private static final int STEPS = 1 << STEPS_LOG;

  /** How many classes there are. */
  static final int COUNT = FINE_COUNT + 8 * STEPS;

  private SizeClasses() {}

  /** The class of a record of 1..{@link #LARGEST} bytes. */
  static int indexOf(int bytes) {
    if (bytes <= FINE_MAX) {
      return bytes <= SMALLEST ? 0 : (bytes - SMALLEST + 3) >>> 2;
    }
    int log = 31 - Integer.numberOfLeadingZeros(bytes - 1);
    int step = ((bytes - 1) >>> (log - STEPS_LOG)) - STEPS;
    return FINE_COUNT + (log - FINE_MAX_LOG) * STEPS + step;
  }

  /** Bytes of a record of the class. */
  static int size(int index) {
    if (index < FINE_COUNT) {
      return SMALLEST + 4 * index;
    }
    int coarse = index - FINE_COUNT;
    int log = coarse / STEPS + FINE_MAX_LOG;
    return (STEPS + 1 + coarse % STEPS) << (log - STEPS_LOG);
  }

  /** Bytes taken by an allocation of this many, run of pages or not. */
  static long rounded(long bytes) {
    return bytes <= LARGEST ? size(indexOf((int) bytes)) : (bytes + PAGE - 1) & -PAGE;
  }
}
