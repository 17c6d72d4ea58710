package dev.mayfly.engine.memory;

/**
 * One size class of a {@link SlabTable}: how its slabs are cut, and which of them have slots to
 * hand out. Made when the first record of the class comes, since most stores use few of them.
 * Confined to the writer.
 */
final class SlabClass {
  private final int size;
  private final int stride;
  private final int slots;

  /** What divides an offset by the stride. */
  private final long reciprocal;

  /** Slabs with a free slot that may be handed out, and the lowest of them. */
  private final SlabSet open = new SlabSet();

  private int lowest = SlabSet.NONE;
  private long freeSlots;

  /**
   * @param index of the class in {@link SizeClasses}
   * @param canaryBytes room behind each record, a multiple of 4
   */
  SlabClass(int index, int canaryBytes) {
    size = SizeClasses.size(index);
    stride = size + canaryBytes;
    slots = SlabTable.BYTES / stride;
    reciprocal = (1L << 32) / (stride >>> 2) + 1;
  }

  /** The bytes that a record of the class can hold. */
  int size() {
    return size;
  }

  /** Bytes from one slot to the next. */
  int stride() {
    return stride;
  }

  /** How many slots a slab has. */
  int slots() {
    return slots;
  }

  /** The slot that holds this byte of a slab, a multiple of 4. */
  int slotOf(int offset) {
    return (int) (((offset >>> 2) * reciprocal) >>> 32);
  }

  /** The lowest slab with a free slot to hand out, or {@link SlabSet#NONE}. */
  int lowest() {
    return lowest;
  }

  /** Lets free slots of this slab be handed out. */
  void open(int slab) {
    open.add(slab);
    if (lowest == SlabSet.NONE || slab < lowest) {
      lowest = slab;
    }
  }

  /** Lets no more slots of this slab be handed out. */
  void close(int slab) {
    open.remove(slab);
    lowest = open.first();
  }

  /** How many free slots may be handed out. */
  long freeSlots() {
    return freeSlots;
  }

  /** Counts slots that became free to hand out, or, below zero, are so no more. */
  void addFreeSlots(int count) {
    freeSlots += count;
  }
}
