package dev.mayfly.engine.memory;

import org.jspecify.annotations.Nullable;

/**
 * The allocator of one shard: records in a region, named by 32-bit refs.
 *
 * <p>A ref is the record's offset divided by 4, unsigned; 0 is none and is never handed out, nor
 * are the 1024 highest, so that others may use those values as tags. A new record holds garbage.
 *
 * <p>Confined to the shard's writer, except {@link #offset(int)}. The address space owns the
 * memory; whoever allocates a record owns it until {@link #free(int)}.
 *
 * <h2>Layout</h2>
 *
 * Records of up to 32 KiB lie in slabs of 256 KiB that grow from the bottom of the region, each cut
 * into slots of one size class ({@link SizeClasses}). Larger records, and tables, are runs of 4 KiB
 * pages that grow from the top ({@link PageRuns}). All books are on the Java heap: one bit per slot
 * and some 20 bytes per slab.
 *
 * <h2>Giving memory back</h2>
 *
 * An empty slab and a freed run are discarded at once; one empty slab is kept. Slots are handed out
 * from the lowest address up, so high slabs run empty by themselves where records come and go. What
 * stays sparse is compacted by the caller: {@link #sparsestSlab()}, {@link #evacuate(int)}, move
 * each {@link #nextLive(int, int)} by allocating, copying and freeing; the last free releases the
 * slab.
 *
 * <h2>Huge pages</h2>
 *
 * Runs of 2 MiB or more and slabs beyond the first 16 MiB of the region are advised, if asked for.
 * Discarding a slab splits its huge page: the system reports the memory free at once and reclaims
 * it when the last slab on the page goes, or under pressure.
 */
public final class RecordHeap {
  /** Highest offset that a ref can name, less the refs kept as tags. */
  private static final long BYTES_MAX = (16L << 30) - SizeClasses.PAGE;

  private final Region region;
  private final Gap gap;
  private final SlabTable slabs;
  private final PageRuns runs;
  private final @Nullable RecordChecks checks;

  /**
   * @param region its memory, of which at most 16 GiB are used; nobody else writes in it
   * @param hugePages whether to advise huge pages where the heap is large
   */
  public RecordHeap(Region region, boolean hugePages) {
    this.region = region;
    Liveness liveness = region.liveness();
    checks = liveness == null ? null : new RecordChecks(region, liveness);
    gap = new Gap(region.address(), Math.min(region.size(), BYTES_MAX) & -SizeClasses.PAGE);
    int canaryBytes = checks == null ? 0 : RecordChecks.CANARY_BYTES;
    slabs = new SlabTable(region, gap, hugePages, canaryBytes);
    runs = new PageRuns(region, gap, hugePages);
  }

  /** Where the record is in the region. */
  public static long offset(int ref) {
    return (ref & 0xFFFFFFFFL) << 2;
  }

  /** The bytes that an allocation of this many takes: its class, or whole pages. */
  public static int classSize(int bytes) {
    return Math.toIntExact(SizeClasses.rounded(bytes));
  }

  /**
   * Allocates a record of at least this many bytes.
   *
   * @throws RegionFullException if the region has no room; nothing changed then
   */
  public int allocate(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes " + bytes + " is not positive");
    }
    if (bytes > SizeClasses.LARGEST) {
      return allocatePages(bytes);
    }
    SlabClass cut = slabs.slabClass(SizeClasses.indexOf(bytes));
    if (cut.lowest() == SlabSet.NONE) {
      addSlab(cut);
    }
    long offset = slabs.allocate(cut);
    if (checks != null) {
      checks.onAllocate(offset, cut.size());
    }
    return ref(offset);
  }

  /**
   * Allocates whole pages, page-aligned, whatever the size.
   *
   * @throws RegionFullException if the region has no room; nothing changed then
   */
  public int allocatePages(long bytes) {
    int pages = Math.toIntExact((bytes + SizeClasses.PAGE - 1) >>> PageRuns.PAGE_SHIFT);
    int canaryPages = checks == null ? 0 : 1;
    long offset = runs.allocate(pages + canaryPages);
    if (offset == Gap.NONE && slabs.dropSpare()) {
      offset = runs.allocate(pages + canaryPages);
    }
    if (offset == Gap.NONE) {
      throw new RegionFullException(bytes, region.size());
    }
    if (checks != null) {
      long used = (long) pages << PageRuns.PAGE_SHIFT;
      checks.onFresh(offset, used + SizeClasses.PAGE);
      checks.onAllocate(offset, used);
    }
    return ref(offset);
  }

  /**
   * Frees a record.
   *
   * @throws MemoryCheckException if there is no live record at the ref
   */
  public void free(int ref) {
    long offset = offset(ref);
    if (offset >= gap.high()) {
      if (checks != null) {
        checks.onFree(offset, runBytes(offset), SizeClasses.PAGE);
      }
      runs.free(offset);
      return;
    }
    if (checks != null) {
      checks.onFree(offset, slabs.classOf(offset).size(), RecordChecks.CANARY_BYTES);
    }
    slabs.free(offset);
  }

  /**
   * The bytes that a live record can hold.
   *
   * @throws MemoryCheckException if there is no live record at the ref
   */
  public int capacity(int ref) {
    return Math.toIntExact(capacityBytes(ref));
  }

  /** As {@link #capacity(int)}, for runs of any size. */
  long capacityBytes(int ref) {
    long offset = offset(ref);
    return offset >= gap.high() ? runBytes(offset) : slabs.classOf(offset).size();
  }

  /** Bytes of all live records, each with the size of its class. */
  public long allocatedBytes() {
    return slabs.allocatedBytes() + runs.liveBytes();
  }

  /**
   * Bytes of all pages that may hold memory; what is resident exceeds it by a huge page at most.
   */
  public long committedBytes() {
    return slabs.touchedBytes() + runs.liveBytes();
  }

  /**
   * The emptiest slab that is less than half full and whose records fit into free slots of other
   * slabs; -1 if there is none. Looks at every slab.
   */
  public int sparsestSlab() {
    return slabs.sparsest();
  }

  /** Stops handing out slots of the slab until it is empty, which releases it as usual. */
  public void evacuate(int slab) {
    slabs.evacuate(slab);
  }

  /** Takes {@link #evacuate(int)} back; does nothing if the slab was released meanwhile. */
  public void endEvacuation(int slab) {
    slabs.endEvacuation(slab);
  }

  /** The slab's first live record with a ref above the given one (0: from the start), else 0. */
  public int nextLive(int slab, int fromRef) {
    return ref(slabs.nextLive(slab, offset(fromRef)));
  }

  /** The memory that refs point into. */
  public Region region() {
    return region;
  }

  private void addSlab(SlabClass cut) {
    int slab = slabs.addSlab(cut);
    if (slab == SlabSet.NONE) {
      throw new RegionFullException(cut.size(), region.size());
    }
    if (checks != null) {
      checks.onFresh((long) slab << SlabTable.SHIFT, SlabTable.BYTES);
    }
  }

  private long runBytes(long offset) {
    int pages = runs.pages(offset);
    if (pages == 0) {
      throw new MemoryCheckException("no live run at offset " + offset);
    }
    return (long) (checks == null ? pages : pages - 1) << PageRuns.PAGE_SHIFT;
  }

  private static int ref(long offset) {
    return (int) (offset >>> 2);
  }
}
