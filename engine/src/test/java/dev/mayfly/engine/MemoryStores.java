package dev.mayfly.engine;

import dev.mayfly.store.TimeSource;
import dev.mayfly.testing.LeasesContract;
import dev.mayfly.testing.OpenStore;
import dev.mayfly.testing.StoreLimits;
import dev.mayfly.testing.VirtualTime;

/** Opens in-memory stores that check their memory and are driven by their test. */
final class MemoryStores {
  private MemoryStores() {}

  static OpenStore open(StoreLimits limits, VirtualTime time) {
    MemoryKeyspace keyspace = new MemoryKeyspace(config(limits), time);
    return new OpenStore(
        keyspace,
        keyspace,
        keyspace.eventLog(),
        keyspace,
        keyspace.accesses(),
        () -> maintain(keyspace),
        keyspace::close);
  }

  static EngineConfig config(StoreLimits limits) {
    EngineConfig.Pruning pruning =
        new EngineConfig.Pruning(0, 0, 0, limits.eagerAt(), limits.eagerTo());
    return EngineConfig.forTests()
        .withBounds(limits.bounds())
        .withKeysMax(limits.keysMax())
        .withHistory(limits.historyMax(), limits.deletedHistoryMillis())
        .withLeasing(new EngineConfig.Leasing(LeasesContract.LEASES_MAX, LeasesContract.KEYS_MAX))
        .withPruning(pruning);
  }

  static MemoryKeyspace open(EngineConfig config, TimeSource time) {
    return new MemoryKeyspace(config, time);
  }

  static void maintain(MemoryKeyspace keyspace) {
    for (int rounds = 0; keyspace.maintain(); rounds++) {
      if (rounds > 1_000) {
        throw new AssertionError("maintenance does not end");
      }
    }
  }
}
