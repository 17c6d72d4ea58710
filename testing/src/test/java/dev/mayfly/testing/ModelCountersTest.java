package dev.mayfly.testing;

import dev.mayfly.store.CounterPolicy;

class ModelCountersTest extends CountersContract {
  @Override
  protected OpenCounters open(CounterPolicy defaults, VirtualTime time) {
    return ModelCounterStores.open(defaults);
  }
}
