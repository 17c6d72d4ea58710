package dev.mayfly.engine.memory;

/** When a {@link HashIndex} grows and shrinks, and to which capacity. Stateless. */
final class IndexSizing {
  private static final double LOAD_MAX = 0.85;
  private static final double LOAD_MIN = 0.4;
  private static final double GROWTH = 1.2;
  private static final double LOAD_SHRUNK = 0.65;
  private static final int RETRY_SHARE = 64;
  private static final double UNEVEN = 1.3;
  private static final int SPARSE_MAX = 2;
  private static final int SAMPLES = 16;
  private static final int SAMPLE_SLOTS = 512;

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

  /**
   * For how many entries, spread evenly, a table is to be made that takes these: more than there
   * are where some part is clearly denser than the whole. It is found by samples, the last slots
   * among them, where a sweep comes last.
   */
  static int roomFor(int size, IndexTable table) {
    int capacity = table.capacity();
    if (capacity < SAMPLES * SAMPLE_SLOTS) {
      return size;
    }
    int most = 0;
    for (int i = 0; i < SAMPLES; i++) {
      int from = (int) ((long) (capacity - SAMPLE_SLOTS) * i / (SAMPLES - 1));
      most = Math.max(most, table.filled(from, from + SAMPLE_SLOTS));
    }
    int densest = (int) ((long) most * capacity / SAMPLE_SLOTS);
    return densest > UNEVEN * size ? densest : size;
  }

  /** Whether a table with room for more than the size may grow for it. */
  static boolean mayBeSparse(int size, IndexTable table) {
    return table.capacity() < SPARSE_MAX * grown(size);
  }

  /** The slack that a table of the capacity needs for the entries of the index. */
  static long slackFor(HashIndex index, long capacity) {
    long[] next = {0};
    index.forEachSlot(slot -> next[0] = Math.max(next[0], ((slot >>> 32) * capacity) >>> 32) + 1);
    return Math.max(0, next[0] - capacity);
  }
}
