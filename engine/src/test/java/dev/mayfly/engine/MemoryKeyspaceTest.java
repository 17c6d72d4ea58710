package dev.mayfly.engine;

import dev.mayfly.testing.KeyspaceContract;
import dev.mayfly.testing.OpenStore;
import dev.mayfly.testing.StoreLimits;
import dev.mayfly.testing.VirtualTime;

class MemoryKeyspaceTest extends KeyspaceContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return MemoryStores.open(limits, time);
  }
}
