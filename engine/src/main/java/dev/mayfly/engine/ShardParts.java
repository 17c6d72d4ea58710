package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;

/**
 * What one shard is made of. Each part says who may use it; all belong to the shard.
 *
 * @param number the shard's number
 * @param router where keys belong, in the whole store
 * @param auxiliary the heap of history, beside the index's tables
 */
record ShardParts(
    int number,
    EngineConfig config,
    KeyRouter router,
    Sequence sequence,
    Records records,
    RecordHeap auxiliary,
    History history,
    MetricsTable metrics,
    LockTable locks,
    Alarm alarm,
    Absences absences,
    ShardUsage usage,
    Population population,
    LeaseTable leases,
    NativeEventLog log,
    ShardChanges changes) {
  /** The part of the hash that the index uses. */
  int indexHash(byte[] key) {
    return router.index(key);
  }
}
