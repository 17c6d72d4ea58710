package dev.mayfly.engine;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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

  /** Whether so many more keys would not pass the limit by now. */
  boolean hasRoomFor(int more) {
    return keysMax == 0 || keys.get() + more <= keysMax;
  }

  /** Counts so many more keys, at least one, unless that would pass the limit. */
  boolean tryAdd(int more) {
    if (keysMax == 0 && signalAt == 0) {
      return true;
    }
    long before = keys.get();
    while (keysMax == 0 || before + more <= keysMax) {
      if (keys.compareAndSet(before, before + more)) {
        if (signalAt != 0 && before + more >= signalAt) {
          signal.run();
        }
        return true;
      }
      before = keys.get();
    }
    return false;
  }

  void remove(int fewer) {
    if (keysMax != 0 || signalAt != 0) {
      keys.addAndGet(-fewer);
    }
  }

  /**
   * Room for keys that a transaction keeps for itself until it is done: nobody else can take what
   * it was promised, nor what it gives up on its way. Confined to the transaction.
   */
  final class Places {
    private int free;

    private Places(int free) {
      this.free = free;
    }

    boolean tryTake() {
      if (free > 0) {
        free--;
        return true;
      }
      return tryAdd(1);
    }

    void giveBack() {
      free++;
    }

    /** The transaction is done: what it does not need is free for all. */
    void close() {
      remove(free);
      free = 0;
    }
  }

  /** Room for so many more keys, which may be none; null when there is not so much. */
  @Nullable Places tryReserve(int more) {
    return more <= 0 || tryAdd(more) ? new Places(Math.max(0, more)) : null;
  }
}
