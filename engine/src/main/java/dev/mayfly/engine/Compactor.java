package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;
import java.util.function.IntPredicate;

/**
 * Moves records out of the sparsest slab of a heap, a few in each step, where much memory is
 * wasted; a slab that is empty goes back to the system.
 *
 * <p>Confined to the lock of the shard whose heap it is.
 */
final class Compactor {
  private static final int MOVES_PER_STEP = 64;
  private static final long WASTE_BYTES = 512 << 10;
  private static final long WASTE_SHARE = 8;
  private static final long URGENT_WASTE_SHARE = 4;
  private static final int NONE = -1;

  private final RecordHeap heap;
  private final IntPredicate tryMove;
  private int slab = NONE;

  /**
   * A compactor of a heap.
   *
   * @param tryMove moves a record to another place and returns true, or has no room for it
   */
  Compactor(RecordHeap heap, IntPredicate tryMove) {
    this.heap = heap;
    this.tryMove = tryMove;
  }

  /** Goes one step; returns whether there is more to do. */
  boolean step() {
    if (slab == NONE && wastes(WASTE_SHARE)) {
      slab = heap.sparsestSlab();
      if (slab >= 0) {
        heap.evacuate(slab);
      }
    }
    return slab >= 0 && empty();
  }

  /** Whether so much memory is wasted that compaction should hurry. */
  boolean isUrgent() {
    return wastes(URGENT_WASTE_SHARE);
  }

  private boolean wastes(long share) {
    long committed = heap.committedBytes();
    return committed - heap.allocatedBytes() > Math.max(WASTE_BYTES, committed / share);
  }

  private boolean empty() {
    int ref = 0;
    for (int moves = 0; moves < MOVES_PER_STEP; moves++) {
      ref = heap.nextLive(slab, ref);
      boolean done = ref == 0;
      if (done || !tryMove.test(ref)) {
        heap.endEvacuation(slab);
        slab = NONE;
        return done;
      }
    }
    return true;
  }
}
