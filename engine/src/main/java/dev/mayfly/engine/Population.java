package dev.mayfly.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many keys there are in all shards, where a limit or a threshold makes it matter at every
 * create; elsewhere it counts nothing. Safe for concurrent use.
 */
final class Population {
  private final long keysMax;
  private final long signalAt;
  private final Runnable signal;
  private final AtomicLong keys = new AtomicLong();

  /**
   * @param keysMax the limit; 0: none
   * @param signalAt from how many keys on a create signals; 0: never
   */
  Population(long keysMax, long signalAt, Runnable signal) {
    this.keysMax = keysMax;
    this.signalAt = signalAt;
    this.signal = signal;
  }

  /** Counts one more key, unless that would pass the limit. */
  boolean tryAdd() {
    if (keysMax == 0 && signalAt == 0) {
      return true;
    }
    long before = keys.get();
    while (keysMax == 0 || before < keysMax) {
      if (keys.compareAndSet(before, before + 1)) {
        if (signalAt != 0 && before + 1 >= signalAt) {
          signal.run();
        }
        return true;
      }
      before = keys.get();
    }
    return false;
  }

  /** Whether so many more keys would fit. */
  boolean hasRoom(int more) {
    return keysMax == 0 || keys.get() + more <= keysMax;
  }

  void remove() {
    if (keysMax != 0 || signalAt != 0) {
      keys.decrementAndGet();
    }
  }
}
