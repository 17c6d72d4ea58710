package dev.mayfly.testing;

import dev.mayfly.store.CounterPolicy;

class ModelLimitsTest extends LimitsContract {
  @Override
  protected OpenCounters open(CounterPolicy defaults, VirtualTime time) {
    return ModelCounterStores.open(defaults);
  }
}
