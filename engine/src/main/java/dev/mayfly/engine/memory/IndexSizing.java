package dev.mayfly.engine.memory;

/** When a {@link HashIndex} grows and shrinks, and to which capacity. Stateless. */
final class IndexSizing {
  private static final double LOAD_MAX = 0.85;
  private static final double LOAD_MIN = 0.4;
  private static final double GROWTH = 1.2;
  private static final double LOAD_SHRUNK = 0.65;
  private static final int RETRY_SHARE = 64;

  /** A table of one page never shrinks. */
  private static final int CAPACITY_MIN = 512;

  private IndexSizing() {}

  static int growAbove(int capacity) {
    return (int) (capacity * LOAD_MAX);
  }

  static int shrinkBelow(int capacity) {
    return capacity <= CAPACITY_MIN ? 0 : (int) (capacity * LOAD_MIN);
  }

  static long grown(int size) {
    return (long) (size / LOAD_MAX * GROWTH) + 1;
  }

  static long shrunk(int size) {
    return (long) (size / LOAD_SHRUNK) + 1;
  }

  /** The size at which to try again to grow, after the region had no room. */
  static int retryAbove(int size, int capacity) {
    return size + capacity / RETRY_SHARE + 1;
  }

  /** Whether a table for the size would have a good deal fewer slots. */
  static boolean isShrinkingWorthwhile(int size, int slots) {
    return IndexTable.slotsFor(shrunk(size)) <= slots - slots / 4;
  }

  /** The slack that a table of the capacity needs for the entries of the index. */
  static long slackFor(HashIndex index, long capacity) {
    long[] next = {0};
    index.forEachSlot(slot -> next[0] = Math.max(next[0], ((slot >>> 32) * capacity) >>> 32) + 1);
    return Math.max(0, next[0] - capacity);
  }
}
