package dev.mayfly.grpc;

import dev.mayfly.store.TimeSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * How many of the door's own calls are open, so that a stop can wait for them. Safe for concurrent
 * use; counting takes no lock.
 */
final class OpenCalls {
  private static final long LOOK_NANOS = 2_000_000;

  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();

  void onOpened() {
    opened.increment();
  }

  void onClosed() {
    closed.increment();
  }

  /** Open calls; exact when nothing begins. */
  long count() {
    // In this order, or a call that ends in between could be counted as closed only.
    long ended = closed.sum();
    return opened.sum() - ended;
  }

  /** Waits until none is open, for at most so long. */
  void awaitNone(TimeSource time, long nanosMax) {
    long start = time.nanos();
    while (count() > 0 && time.nanos() - start < nanosMax) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
