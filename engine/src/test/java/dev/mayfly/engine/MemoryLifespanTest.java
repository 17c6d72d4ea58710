package dev.mayfly.engine;

import dev.mayfly.testing.LifespanContract;
import dev.mayfly.testing.OpenStore;
import dev.mayfly.testing.StoreLimits;
import dev.mayfly.testing.VirtualTime;

class MemoryLifespanTest extends LifespanContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return MemoryStores.open(limits, time);
  }
}
