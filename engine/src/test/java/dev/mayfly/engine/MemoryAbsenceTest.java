package dev.mayfly.engine;

import dev.mayfly.testing.AbsenceContract;
import dev.mayfly.testing.OpenStore;
import dev.mayfly.testing.StoreLimits;
import dev.mayfly.testing.VirtualTime;

class MemoryAbsenceTest extends AbsenceContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return MemoryStores.open(limits, time);
  }
}
