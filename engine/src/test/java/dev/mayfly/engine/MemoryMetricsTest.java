package dev.mayfly.engine;

import dev.mayfly.testing.MetricsContract;
import dev.mayfly.testing.OpenStore;
import dev.mayfly.testing.StoreLimits;
import dev.mayfly.testing.VirtualTime;

class MemoryMetricsTest extends MetricsContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return MemoryStores.open(limits, time);
  }
}
