package dev.mayfly.telemetry;

import dev.mayfly.store.StoreStats;

/** Made-up stats, every figure its own. */
final class TestStats {
  private TestStats() {}

  static StoreStats of(long keys) {
    long[] events = {0, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110};
    return new StoreStats(keys, 2, 3, 4, 5, 6, 66, 7, 8, 9, 10, events, 11, 12, 13, 1500, 14, true);
  }
}
