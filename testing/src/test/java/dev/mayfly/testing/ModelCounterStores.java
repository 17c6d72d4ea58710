package dev.mayfly.testing;

import dev.mayfly.store.CounterPolicy;

/** Opens the models. */
final class ModelCounterStores {
  private ModelCounterStores() {}

  static OpenCounters open(CounterPolicy defaults) {
    ModelCounters counters = new ModelCounters(defaults, CountersContract.KEY_BYTES_MAX);
    return new OpenCounters(counters, new ModelLimits(), () -> {}, () -> {});
  }
}
