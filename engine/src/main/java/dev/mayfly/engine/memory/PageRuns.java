package dev.mayfly.engine.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Runs of 4 KiB pages for what is too big for a slab: best fit among the free runs, else from the
 * gap downwards. Free neighbours are joined, and a free run holds no memory. Costs O(log free
 * runs). Confined to the writer.
 */
final class PageRuns {
  static final int PAGE_SHIFT = 12;
  static final long HUGE = 2L << 20;
  private static final int HUGE_PAGES = (int) (HUGE >>> PAGE_SHIFT);

  private final Region region;
  private final Gap gap;
  private final boolean hugePages;

  /** First page to length in pages, of live runs. */
  private final Map<Integer, Integer> live = new HashMap<>();

  /** First page to length in pages, of free runs above the gap. */
  private final TreeMap<Integer, Integer> free = new TreeMap<>();

  /** The free runs as length and first page, in that order. */
  private final NavigableSet<Long> freeBySize = new TreeSet<>();

  private long livePages;

  PageRuns(Region region, Gap gap, boolean hugePages) {
    this.region = region;
    this.gap = gap;
    this.hugePages = hugePages;
  }

  /** Returns the offset of a run of this many pages, or {@link Gap#NONE}. */
  long allocate(int pages) {
    long alignment = hugePages && pages >= HUGE_PAGES ? HUGE : 1L << PAGE_SHIFT;
    long start = takeFree(pages, alignment);
    if (start == Gap.NONE) {
      start = takeGap(pages, alignment);
    }
    if (start == Gap.NONE) {
      return Gap.NONE;
    }
    live.put((int) (start >>> PAGE_SHIFT), pages);
    livePages += pages;
    if (alignment == HUGE) {
      region.adviseHuge(start, hugeBytes(pages));
    }
    return start;
  }

  /** Pages of the live run at the offset; 0 if there is none. */
  int pages(long offset) {
    boolean aligned = (offset & ((1L << PAGE_SHIFT) - 1)) == 0;
    return aligned ? live.getOrDefault((int) (offset >>> PAGE_SHIFT), 0) : 0;
  }

  /** Frees the live run at the offset and discards its pages. */
  void free(long offset) {
    int start = (int) (offset >>> PAGE_SHIFT);
    Integer pages = live.remove(start);
    if (pages == null) {
      throw new MemoryCheckException("no live run at offset " + offset);
    }
    livePages -= pages;
    if (hugePages && pages >= HUGE_PAGES) {
      region.adviseSmall(offset, hugeBytes(pages));
    }
    region.discard(offset, (long) pages << PAGE_SHIFT);
    release(start, pages);
  }

  long liveBytes() {
    return livePages << PAGE_SHIFT;
  }

  private long takeFree(int pages, long alignment) {
    for (long key : freeBySize.tailSet((long) pages << 32)) {
      int start = (int) key;
      int length = (int) (key >>> 32);
      long wanted = gap.alignDown((long) (start + length - pages) << PAGE_SHIFT, alignment);
      int first = (int) (wanted >>> PAGE_SHIFT);
      if (wanted >= 0 && first >= start) {
        removeFree(start, length);
        addFree(start, first - start);
        addFree(first + pages, start + length - first - pages);
        return wanted;
      }
    }
    return Gap.NONE;
  }

  private long takeGap(int pages, long alignment) {
    long top = gap.high();
    long bytes = (long) pages << PAGE_SHIFT;
    long start = gap.takeHigh(bytes, alignment);
    if (start != Gap.NONE && start + bytes < top) {
      release((int) ((start + bytes) >>> PAGE_SHIFT), (int) ((top - start - bytes) >>> PAGE_SHIFT));
    }
    return start;
  }

  /** Joins the pages with their free neighbours, and with the gap. */
  private void release(int start, int pages) {
    int from = start;
    int to = start + pages;
    Map.Entry<Integer, Integer> below = free.lowerEntry(start);
    if (below != null && below.getKey() + below.getValue() == start) {
      from = below.getKey();
      removeFree(from, below.getValue());
    }
    Integer above = free.get(to);
    if (above != null) {
      removeFree(to, above);
      to += above;
    }
    if ((long) from << PAGE_SHIFT == gap.high()) {
      gap.giveHigh((long) to << PAGE_SHIFT);
    } else {
      addFree(from, to - from);
    }
  }

  private void addFree(int start, int pages) {
    if (pages > 0) {
      free.put(start, pages);
      freeBySize.add((long) pages << 32 | start);
    }
  }

  private void removeFree(int start, int pages) {
    free.remove(start);
    freeBySize.remove((long) pages << 32 | start);
  }

  private static long hugeBytes(int pages) {
    return ((long) pages << PAGE_SHIFT) & -HUGE;
  }
}
