package dev.mayfly.testing;

import dev.mayfly.store.Counters;
import dev.mayfly.store.Limits;

/**
 * Counters and limits under test.
 *
 * @param maintain ends all that is due at the time of the test's clock
 * @param closing releases what the implementation holds
 */
public record OpenCounters(Counters counters, Limits limits, Runnable maintain, Runnable closing)
    implements AutoCloseable {
  @Override
  public void close() {
    closing.run();
  }
}
