package dev.mayfly.engine;

import dev.mayfly.store.MemoryBudget;

/**
 * One shard's share of a budget, taken in chunks, so that the counter that all shards have in
 * common is rarely touched. Confined to whoever holds the shard's lock.
 */
final class BudgetShare {
  private static final long CHUNK = 64 << 10;

  private final MemoryBudget budget;
  private long granted;

  BudgetShare(MemoryBudget budget) {
    this.budget = budget;
  }

  /** How many bytes all shares may have together. */
  long bytesMax() {
    return budget.bytesMax();
  }

  /** Whether so many bytes may be used; takes a larger share where that is needed and to be had. */
  boolean tryCover(long bytes) {
    long missing = bytes - granted;
    if (missing <= 0) {
      return true;
    }
    return tryTake(Math.max(missing, CHUNK)) || tryTake(missing);
  }

  private boolean tryTake(long bytes) {
    if (!budget.tryTake(bytes)) {
      return false;
    }
    granted += bytes;
    return true;
  }

  /** Gives back most of what is beyond the bytes in use, where that has become much. */
  void trim(long used) {
    if (granted - used > 2 * CHUNK) {
      giveBack(granted - used - CHUNK);
    }
  }

  /** Gives back all that is beyond the bytes in use. */
  void trimWholly(long used) {
    if (granted > used) {
      giveBack(granted - used);
    }
  }

  private void giveBack(long bytes) {
    granted -= bytes;
    budget.giveBack(bytes);
  }
}
