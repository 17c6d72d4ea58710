package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;

/**
 * What one shard uses: its memory, checked against its share of the common budget, and counts of
 * what it holds. Confined to whoever holds the shard's lock.
 */
final class ShardUsage {
  private final MemoryBudget budget;
  private final RecordHeap entries;
  private final RecordHeap auxiliary;
  private final RecordHeap metrics;
  private long granted;

  long keys;
  long valueBytes;
  long lifespans;
  long historyKeys;

  ShardUsage(MemoryBudget budget, RecordHeap entries, RecordHeap auxiliary, RecordHeap metrics) {
    this.budget = budget;
    this.entries = entries;
    this.auxiliary = auxiliary;
    this.metrics = metrics;
  }

  /** The memory in use: entries, index, history, metrics. */
  long usedBytes() {
    return entries.allocatedBytes() + auxiliary.allocatedBytes() + metrics.allocatedBytes();
  }

  /** Whether so much more may be used; takes a larger share where that is needed and to be had. */
  boolean tryReserve(long bytes) {
    long missing = usedBytes() + bytes - granted;
    if (missing <= 0) {
      return true;
    }
    long wanted = Math.max(missing, MemoryBudget.CHUNK);
    if (budget.tryTake(wanted)) {
      granted += wanted;
      return true;
    }
    if (budget.tryTake(missing)) {
      granted += missing;
      return true;
    }
    return false;
  }

  /** Gives back most of a share that has become too large. */
  void release() {
    long spare = granted - usedBytes();
    if (spare > 2 * MemoryBudget.CHUNK) {
      long back = spare - MemoryBudget.CHUNK;
      granted -= back;
      budget.giveBack(back);
    }
  }

  /** Gives back the whole of what is not used. */
  void releaseAll() {
    long spare = granted - usedBytes();
    if (spare > 0) {
      granted -= spare;
      budget.giveBack(spare);
    }
  }
}
