package dev.mayfly.engine.memory;

import java.util.Arrays;

/**
 * The pages under the slabs: which were touched, which are advised huge. Confined to the writer.
 *
 * <p>Eight slabs are a step, the size of a huge page. A step is advised huge when its first slab is
 * taken, beyond the first 16 MiB: below, one touched byte would cost a small store 2 MiB. The
 * advice is taken back when the first slab of the step is given up, else the system would in time
 * fill the step again with a huge page; a fault may also have filled slabs that were never taken,
 * so all unused ones are given up together then.
 */
final class SlabPages {
  private static final int STEP_SLABS = (int) (PageRuns.HUGE >>> SlabTable.SHIFT);
  private static final long SMALL_PAGES_MAX = 16L << 20;

  private final Region region;
  private final Gap gap;
  private final boolean hugePages;
  private final SlabSet hugeSteps = new SlabSet();
  private byte[] touchedPages = new byte[4];
  private long touchedBytes;

  SlabPages(Region region, Gap gap, boolean hugePages) {
    this.region = region;
    this.gap = gap;
    this.hugePages = hugePages && gap.alignDown(0, PageRuns.HUGE) == 0;
  }

  /** Bytes of pages that slots were handed out in and that were not discarded since. */
  long touchedBytes() {
    return touchedBytes;
  }

  /** A slab is about to be used, all of whose step may be unused until now. */
  void onTaken(int slab, SlabUse use) {
    if (slab >= touchedPages.length) {
      touchedPages = Arrays.copyOf(touchedPages, touchedPages.length * 2);
    }
    int first = slab & -STEP_SLABS;
    long offset = (long) first << SlabTable.SHIFT;
    if (hugePages && offset >= SMALL_PAGES_MAX && offset + PageRuns.HUGE <= gap.high()) {
      for (int other = first; other < first + STEP_SLABS; other++) {
        if (other != slab && !use.isUnused(other)) {
          return;
        }
      }
      region.adviseHuge(offset, PageRuns.HUGE);
      hugeSteps.add(slab / STEP_SLABS);
    }
  }

  /** The slab is used up to this byte. */
  void onTouched(int slab, int end) {
    int pages = (end + SizeClasses.PAGE - 1) / SizeClasses.PAGE;
    int more = pages - touchedPages[slab];
    if (more > 0) {
      touchedPages[slab] = (byte) pages;
      touchedBytes += (long) more * SizeClasses.PAGE;
    }
  }

  /** Gives the pages of a slab back, which counts as unused already. */
  void discard(int slab, SlabUse use) {
    touchedBytes -= (long) touchedPages[slab] * SizeClasses.PAGE;
    touchedPages[slab] = 0;
    int step = slab / STEP_SLABS;
    if (!hugeSteps.contains(step)) {
      discard(slab);
      return;
    }
    hugeSteps.remove(step);
    int first = step * STEP_SLABS;
    region.adviseSmall((long) first << SlabTable.SHIFT, PageRuns.HUGE);
    for (int other = first; other < first + STEP_SLABS; other++) {
      if (use.isUnused(other)) {
        discard(other);
      }
    }
  }

  private void discard(int slab) {
    long offset = (long) slab << SlabTable.SHIFT;
    long end = Math.min(offset + SlabTable.BYTES, gap.high());
    if (end > offset) {
      region.discard(offset, end - offset);
    }
  }

  /** Tells which slabs hold nothing: neither records nor the promise of some. */
  @FunctionalInterface
  interface SlabUse {
    boolean isUnused(int slab);
  }
}
