package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.store.MemoryBudget;

/**
 * What one shard uses: its memory, checked against its share of the common budget, and counts of
 * what it holds. Confined to whoever holds the shard's lock.
 */
final class ShardUsage {
  private final BudgetShare share;
  private final RecordHeap entries;
  private final RecordHeap auxiliary;
  private final RecordHeap metrics;

  long keys;
  long valueBytes;
  long lifespans;
  long historyKeys;

  ShardUsage(MemoryBudget budget, RecordHeap entries, RecordHeap auxiliary, RecordHeap metrics) {
    share = new BudgetShare(budget);
    this.entries = entries;
    this.auxiliary = auxiliary;
    this.metrics = metrics;
  }

  /** The memory in use: entries, index, history, metrics. */
  long usedBytes() {
    return entries.allocatedBytes() + auxiliary.allocatedBytes() + metrics.allocatedBytes();
  }

  /** Whether so much more may be used. */
  boolean tryReserve(long bytes) {
    return share.tryCover(usedBytes() + bytes);
  }

  /** Gives back most of a share that has become too large. */
  void release() {
    share.trim(usedBytes());
  }

  /** Gives back the whole of what is not used. */
  void releaseAll() {
    share.trimWholly(usedBytes());
  }
}
