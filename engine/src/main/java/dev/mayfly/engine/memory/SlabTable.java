package dev.mayfly.engine.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  private static final long[] NO_BITS = {};

  private final Gap gap;
  private final SlabPages pages;

  private final int canaryBytes;

  /** By the numbers of {@link SizeClasses}; null until a record of the class comes. */
  private final @Nullable SlabClass[] classes = new @Nullable SlabClass[SizeClasses.COUNT];

  /** By slab: its class, null for one that is free. */
  private @Nullable SlabClass[] classOf = new @Nullable SlabClass[4];

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
    this.canaryBytes = canaryBytes;
  }

  /** The class of this number in {@link SizeClasses}. */
  SlabClass slabClass(int index) {
    SlabClass known = classes[index];
    if (known != null) {
      return known;
    }
    SlabClass made = new SlabClass(index, canaryBytes);
    classes[index] = made;
    return made;
  }

  /** Gives the class a slab; returns its number, or {@link SlabSet#NONE} if there is none. */
  int addSlab(SlabClass cut) {
    int slab = takeSlab();
    if (slab == SlabSet.NONE) {
      return SlabSet.NONE;
    }
    int slotCount = cut.slots();
    classOf[slab] = cut;
    live[slab] = 0;
    firstOpenWord[slab] = 0;
    bits[slab] = new long[(slotCount + 63) >>> 6];
    if ((slotCount & 63) != 0) {
      bits[slab][slotCount >>> 6] = -1L << slotCount;
    }
    if (slab == 0) {
      bits[slab][0] |= 1;
    }
    cut.addFreeSlots(capacity(slab, cut));
    cut.open(slab);
    return slab;
  }

  /** Returns the offset of a slot of the class, one of whose slabs is open. */
  long allocate(SlabClass cut) {
    int slab = cut.lowest();
    long[] words = bits[slab];
    int word = firstOpenWord[slab];
    while (words[word] == -1L) {
      word++;
    }
    int bit = Long.numberOfTrailingZeros(~words[word]);
    words[word] |= 1L << bit;
    firstOpenWord[slab] = (short) word;
    cut.addFreeSlots(-1);
    allocatedBytes += cut.size();
    if (++live[slab] == capacity(slab, cut)) {
      cut.close(slab);
    }
    int start = ((word << 6) + bit) * cut.stride();
    pages.onTouched(slab, start + cut.stride());
    return ((long) slab << SHIFT) + start;
  }

  /** Frees the slot; its slab may be discarded. */
  void free(long offset) {
    int slab = slabOf(offset);
    SlabClass cut = classOf(offset);
    int slot = cut.slotOf(inSlab(offset));
    int word = slot >>> 6;
    bits[slab][word] &= ~(1L << slot);
    firstOpenWord[slab] = (short) Math.min(firstOpenWord[slab], word);
    allocatedBytes -= cut.size();
    live[slab]--;
    if (!evacuating.contains(slab)) {
      cut.addFreeSlots(1);
      cut.open(slab);
    }
    if (live[slab] == 0) {
      releaseSlab(slab, cut);
    }
  }

  /**
   * The class of the live record at the offset.
   *
   * @throws MemoryCheckException if there is none
   */
  SlabClass classOf(long offset) {
    int slab = slabOf(offset);
    SlabClass cut = slab < count ? classOf[slab] : null;
    if (cut == null || offset == 0 || !isLive(slab, cut, inSlab(offset))) {
      throw new MemoryCheckException("no live record at offset " + offset);
    }
    return cut;
  }

  private boolean isLive(int slab, SlabClass cut, int inside) {
    int slot = cut.slotOf(inside);
    return slot * cut.stride() == inside
        && slot < cut.slots()
        && (bits[slab][slot >>> 6] >>> slot & 1) != 0;
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
      SlabClass cut = classOf[slab];
      if (cut == null || evacuating.contains(slab)) {
        continue;
      }
      long capacity = capacity(slab, cut);
      boolean sparser = live[slab] * bestCapacity < bestLive * capacity;
      if (sparser && cut.freeSlots() - (capacity - live[slab]) >= live[slab]) {
        best = slab;
        bestLive = live[slab];
        bestCapacity = capacity;
      }
    }
    return best;
  }

  /** The first live record of the slab above the offset; 0 if there is none. */
  long nextLive(int slab, long after) {
    SlabClass cut = slab < count ? classOf[slab] : null;
    if (cut == null) {
      return 0;
    }
    long start = (long) slab << SHIFT;
    if (after >= start + BYTES) {
      return 0;
    }
    int slot = after < start ? 0 : cut.slotOf((int) (after - start)) + 1;
    if (slab == 0) {
      slot = Math.max(slot, 1);
    }
    int end = cut.slots();
    long[] words = bits[slab];
    while (slot < end) {
      long rest = words[slot >>> 6] >>> slot;
      if (rest != 0) {
        slot += Long.numberOfTrailingZeros(rest);
        return slot < end ? start + (long) slot * cut.stride() : 0;
      }
      slot = ((slot >>> 6) + 1) << 6;
    }
    return 0;
  }

  void evacuate(int slab) {
    SlabClass cut = slab < count ? classOf[slab] : null;
    if (cut != null && !evacuating.contains(slab)) {
      evacuating.add(slab);
      cut.addFreeSlots(live[slab] - capacity(slab, cut));
      cut.close(slab);
    }
  }

  void endEvacuation(int slab) {
    SlabClass cut = slab < count ? classOf[slab] : null;
    if (cut != null && evacuating.contains(slab)) {
      evacuating.remove(slab);
      cut.addFreeSlots(capacity(slab, cut) - live[slab]);
      if (live[slab] < capacity(slab, cut)) {
        cut.open(slab);
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

  private static int inSlab(long offset) {
    return (int) offset & (BYTES - 1);
  }

  /** Slots of the slab; the first of all is never handed out, since its ref would be 0. */
  private static int capacity(int slab, SlabClass cut) {
    return slab == 0 ? cut.slots() - 1 : cut.slots();
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
    if (slabs > classOf.length) {
      int length = classOf.length * 2;
      classOf = Arrays.copyOf(classOf, length);
      live = Arrays.copyOf(live, length);
      firstOpenWord = Arrays.copyOf(firstOpenWord, length);
      bits = Arrays.copyOf(bits, length);
    }
    classOf[slabs - 1] = null;
    bits[slabs - 1] = NO_BITS;
  }

  private void releaseSlab(int slab, SlabClass cut) {
    if (evacuating.contains(slab)) {
      evacuating.remove(slab);
    } else {
      cut.addFreeSlots(-capacity(slab, cut));
      cut.close(slab);
    }
    classOf[slab] = null;
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
