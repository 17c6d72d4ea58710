package dev.mayfly.engine.memory;

import java.util.Arrays;

/**
 * The slabs of a region: 256 KiB each, cut into slots of one class, with one bit per slot on the
 * Java heap. The lowest free slot of the lowest slab is handed out first, so that pages are touched
 * in order and high slabs run empty. Confined to the writer.
 *
 * <p>A slab that becomes empty is discarded and serves any class afterwards; one is kept as it is,
 * so that a load around a slab's edge does not discard and fault in turn.
 */
final class SlabTable {
  static final int SHIFT = 18;
  static final int BYTES = 1 << SHIFT;

  private static final int NO_CLASS = -1;
  private static final long[] NO_BITS = {};

  private final Gap gap;
  private final SlabPages pages;

  /** Bytes from one slot of the class to the next. */
  private final int[] strides = new int[SizeClasses.COUNT];

  /** By class: how many slots a slab has, and what divides an offset by the stride. */
  private final int[] slots = new int[SizeClasses.COUNT];

  private final int[] reciprocals = new int[SizeClasses.COUNT];

  /** By class: slabs with a free slot that may be handed out, and the lowest of them. */
  private final SlabSet[] open = new SlabSet[SizeClasses.COUNT];

  private final int[] lowest = new int[SizeClasses.COUNT];
  private final long[] freeSlots = new long[SizeClasses.COUNT];

  private short[] classes = new short[4];
  private int[] live = new int[4];
  private short[] firstOpenWord = new short[4];
  private long[][] bits = new long[4][];

  private final SlabSet free = new SlabSet();
  private final SlabSet evacuating = new SlabSet();
  private int spare = SlabSet.NONE;
  private int count;
  private long allocatedBytes;

  /**
   * @param canaryBytes room behind each record, a multiple of 4
   */
  SlabTable(Region region, Gap gap, boolean hugePages, int canaryBytes) {
    this.gap = gap;
    pages = new SlabPages(region, gap, hugePages);
    Arrays.fill(lowest, SlabSet.NONE);
    for (int index = 0; index < SizeClasses.COUNT; index++) {
      strides[index] = SizeClasses.size(index) + canaryBytes;
      slots[index] = BYTES / strides[index];
      reciprocals[index] = (int) ((1L << 32) / (strides[index] >>> 2) + 1);
      open[index] = new SlabSet();
    }
  }

  /** Whether allocating in the class needs a slab more. */
  boolean needsSlab(int index) {
    return lowest[index] == SlabSet.NONE;
  }

  /** Gives the class a slab; returns its number, or {@link SlabSet#NONE} if there is none. */
  int addSlab(int index) {
    int slab = takeSlab();
    if (slab == SlabSet.NONE) {
      return SlabSet.NONE;
    }
    int slotCount = slots[index];
    classes[slab] = (short) index;
    live[slab] = 0;
    firstOpenWord[slab] = 0;
    bits[slab] = new long[(slotCount + 63) >>> 6];
    if ((slotCount & 63) != 0) {
      bits[slab][slotCount >>> 6] = -1L << slotCount;
    }
    if (slab == 0) {
      bits[slab][0] |= 1;
    }
    freeSlots[index] += capacity(slab);
    open(slab, index);
    return slab;
  }

  /** Returns the offset of a slot of the class, which has a slab. */
  long allocate(int index) {
    int slab = lowest[index];
    long[] words = bits[slab];
    int word = firstOpenWord[slab];
    while (words[word] == -1L) {
      word++;
    }
    int bit = Long.numberOfTrailingZeros(~words[word]);
    words[word] |= 1L << bit;
    firstOpenWord[slab] = (short) word;
    freeSlots[index]--;
    allocatedBytes += SizeClasses.size(index);
    if (++live[slab] == capacity(slab)) {
      close(slab, index);
    }
    int stride = strides[index];
    int start = ((word << 6) + bit) * stride;
    pages.onTouched(slab, start + stride);
    return ((long) slab << SHIFT) + start;
  }

  /** Frees the slot; its slab may be discarded. */
  void free(long offset) {
    int slab = slabOf(offset);
    int slot = liveSlot(offset);
    int index = classes[slab];
    int word = slot >>> 6;
    bits[slab][word] &= ~(1L << slot);
    firstOpenWord[slab] = (short) Math.min(firstOpenWord[slab], word);
    allocatedBytes -= SizeClasses.size(index);
    live[slab]--;
    if (!evacuating.contains(slab)) {
      freeSlots[index]++;
      open(slab, index);
    }
    if (live[slab] == 0) {
      releaseSlab(slab, index);
    }
  }

  /** The class of the live record at the offset. */
  int classOf(long offset) {
    liveSlot(offset);
    return classes[slabOf(offset)];
  }

  long allocatedBytes() {
    return allocatedBytes;
  }

  /** See {@link SlabPages#touchedBytes()}. */
  long touchedBytes() {
    return pages.touchedBytes();
  }

  int count() {
    return count;
  }

  /** See {@link RecordHeap#sparsestSlab()}. */
  int sparsest() {
    int best = SlabSet.NONE;
    long bestLive = 1;
    long bestCapacity = 2;
    for (int slab = 0; slab < count; slab++) {
      int index = classes[slab];
      if (index == NO_CLASS || evacuating.contains(slab)) {
        continue;
      }
      long capacity = capacity(slab);
      boolean sparser = live[slab] * bestCapacity < bestLive * capacity;
      if (sparser && freeSlots[index] - (capacity - live[slab]) >= live[slab]) {
        best = slab;
        bestLive = live[slab];
        bestCapacity = capacity;
      }
    }
    return best;
  }

  /** The first live record of the slab above the offset; 0 if there is none. */
  long nextLive(int slab, long after) {
    int index = slab < count ? classes[slab] : NO_CLASS;
    if (index == NO_CLASS) {
      return 0;
    }
    long start = (long) slab << SHIFT;
    if (after >= start + BYTES) {
      return 0;
    }
    int slot = after < start ? 0 : slotOf((int) (after - start), index) + 1;
    if (slab == 0) {
      slot = Math.max(slot, 1);
    }
    int end = slots[index];
    long[] words = bits[slab];
    while (slot < end) {
      long rest = words[slot >>> 6] >>> slot;
      if (rest != 0) {
        slot += Long.numberOfTrailingZeros(rest);
        return slot < end ? start + (long) slot * strides[index] : 0;
      }
      slot = ((slot >>> 6) + 1) << 6;
    }
    return 0;
  }

  void evacuate(int slab) {
    int index = slab < count ? classes[slab] : NO_CLASS;
    if (index != NO_CLASS && !evacuating.contains(slab)) {
      evacuating.add(slab);
      freeSlots[index] -= capacity(slab) - live[slab];
      close(slab, index);
    }
  }

  void endEvacuation(int slab) {
    if (evacuating.contains(slab)) {
      evacuating.remove(slab);
      int index = classes[slab];
      freeSlots[index] += capacity(slab) - live[slab];
      if (live[slab] < capacity(slab)) {
        open(slab, index);
      }
    }
  }

  /** Gives up the slab kept for reuse; returns whether there was one. */
  boolean dropSpare() {
    if (spare == SlabSet.NONE) {
      return false;
    }
    int slab = spare;
    spare = SlabSet.NONE;
    discard(slab);
    return true;
  }

  private static int slabOf(long offset) {
    return (int) (offset >>> SHIFT);
  }

  /** Slots of the slab; the first of all is never handed out, since its ref would be 0. */
  private int capacity(int slab) {
    int slotCount = slots[classes[slab]];
    return slab == 0 ? slotCount - 1 : slotCount;
  }

  private int slotOf(int offset, int index) {
    return (int) (((offset >>> 2) * (reciprocals[index] & 0xFFFFFFFFL)) >>> 32);
  }

  private int liveSlot(long offset) {
    int slab = slabOf(offset);
    int index = slab < count ? classes[slab] : NO_CLASS;
    int inside = (int) offset & (BYTES - 1);
    int slot = index == NO_CLASS ? 0 : slotOf(inside, index);
    boolean isLive =
        index != NO_CLASS
            && offset != 0
            && slot * strides[index] == inside
            && slot < slots[index]
            && (bits[slab][slot >>> 6] >>> slot & 1) != 0;
    if (!isLive) {
      throw new MemoryCheckException("no live record at offset " + offset);
    }
    return slot;
  }

  private void open(int slab, int index) {
    open[index].add(slab);
    int first = lowest[index];
    if (first == SlabSet.NONE || slab < first) {
      lowest[index] = slab;
    }
  }

  private void close(int slab, int index) {
    open[index].remove(slab);
    lowest[index] = open[index].first();
  }

  private int takeSlab() {
    int slab = spare;
    if (slab != SlabSet.NONE) {
      spare = SlabSet.NONE;
      return slab;
    }
    slab = free.first();
    if (slab != SlabSet.NONE) {
      pages.onTaken(slab, this::isUnused);
      free.remove(slab);
      return slab;
    }
    if (gap.takeLow(BYTES) == Gap.NONE) {
      return SlabSet.NONE;
    }
    slab = count;
    pages.onTaken(slab, this::isUnused);
    growTo(++count);
    return slab;
  }

  private boolean isUnused(int slab) {
    return slab >= count || free.contains(slab);
  }

  private void growTo(int slabs) {
    if (slabs > classes.length) {
      int length = classes.length * 2;
      classes = Arrays.copyOf(classes, length);
      live = Arrays.copyOf(live, length);
      firstOpenWord = Arrays.copyOf(firstOpenWord, length);
      bits = Arrays.copyOf(bits, length);
    }
    classes[slabs - 1] = NO_CLASS;
    bits[slabs - 1] = NO_BITS;
  }

  private void releaseSlab(int slab, int index) {
    if (evacuating.contains(slab)) {
      evacuating.remove(slab);
    } else {
      freeSlots[index] -= capacity(slab);
      close(slab, index);
    }
    classes[slab] = NO_CLASS;
    bits[slab] = NO_BITS;
    if (spare == SlabSet.NONE) {
      spare = slab;
    } else {
      discard(slab);
    }
  }

  private void discard(int slab) {
    free.add(slab);
    pages.discard(slab, this::isUnused);
    while (count > 0 && free.contains(count - 1)) {
      count--;
      free.remove(count);
      gap.giveLow(BYTES);
    }
  }
}
