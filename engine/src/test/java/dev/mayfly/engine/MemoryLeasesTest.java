package dev.mayfly.engine;

import dev.mayfly.store.Leases;
import dev.mayfly.testing.LeasesContract;
import dev.mayfly.testing.OpenStore;
import dev.mayfly.testing.StoreLimits;
import dev.mayfly.testing.VirtualTime;

class MemoryLeasesTest extends LeasesContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return MemoryStores.open(limits, time);
  }

  @Override
  protected Leases leases(OpenStore store) {
    return ((MemoryKeyspace) store.keyspace()).leases();
  }
}
