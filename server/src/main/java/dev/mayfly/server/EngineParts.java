package dev.mayfly.server;

import dev.mayfly.engine.EngineConfig;
import dev.mayfly.store.Bounds;

/** Turns the server's configuration into the engine's. */
final class EngineParts {
  /** Below this a store gains nothing by huge pages, and an idle one would take more memory. */
  private static final long HUGE_PAGES_FROM_BYTES = 1L << 30;

  private EngineParts() {}

  static EngineConfig config(MayflyConfig config) {
    MayflyConfig.Limits limits = config.limits();
    MayflyConfig.History history = config.history();
    MayflyConfig.Prune prune = config.prune();
    Bounds bounds =
        new Bounds(
            limits.keyBytesMax(),
            limits.valueBytesMax(),
            limits.lockMin().toMillis(),
            limits.lockMax().toMillis());
    return EngineConfig.ofBytes(limits.memoryMax().bytes())
        .withShards(config.engine().shards())
        .withBounds(bounds)
        .withKeysMax(limits.keysMax())
        .withHistory(
            history.versionsMax(), history.keepDeleted() ? history.deletedAgeMax().toMillis() : 0)
        .withEventBytesMax(config.events().memoryMax().bytes())
        .withWaiting(
            new EngineConfig.Waiting(
                config.lockWaiting().waitersMax(), config.lockWaiting().keyWaitersMax()))
        .withLeasing(
            new EngineConfig.Leasing(config.leases().leasesMax(), config.leases().keysMax()))
        .withPruning(
            new EngineConfig.Pruning(
                prune.interval().toMillis(),
                prune.at(),
                prune.to(),
                prune.eagerAt(),
                prune.eagerTo()))
        .withHugePages(
            switch (config.engine().hugePages()) {
              case AUTO -> limits.memoryMax().bytes() >= HUGE_PAGES_FROM_BYTES;
              case ON -> true;
              case OFF -> false;
            });
  }
}
