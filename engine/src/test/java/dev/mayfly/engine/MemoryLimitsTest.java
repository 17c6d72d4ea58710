package dev.mayfly.engine;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.testing.LimitsContract;
import dev.mayfly.testing.OpenCounters;
import dev.mayfly.testing.VirtualTime;

class MemoryLimitsTest extends LimitsContract {
  @Override
  protected OpenCounters open(CounterPolicy defaults, VirtualTime time) {
    MemoryCounters counters = new MemoryCounters(CounterConfig.forTests(defaults), time);
    return new OpenCounters(counters, counters, counters::maintain, counters::close);
  }
}
