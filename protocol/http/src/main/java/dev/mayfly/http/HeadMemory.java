package dev.mayfly.http;

import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.TimeSource;
import java.time.Duration;

/**
 * The memory of the heads of requests, from their first byte until they are answered, all
 * connections together: see {@link ConnectionHeads}. Safe for concurrent use.
 */
final class HeadMemory {
  /** What each connection has besides, so that ordinary requests find room at any time. */
  static final int OWN_BYTES = 4 << 10;

  private final MemoryBudget shared;
  private final TimeSource time;
  private final long timeoutNanos;

  /**
   * One that nobody has taken of.
   *
   * @param bytesMax how much there is of it, besides what each connection has for itself
   * @param timeout how long a head may take to come
   */
  HeadMemory(long bytesMax, TimeSource time, Duration timeout) {
    shared = new MemoryBudget(bytesMax);
    this.time = time;
    timeoutNanos = timeout.toNanos();
  }

  MemoryBudget shared() {
    return shared;
  }

  long nanos() {
    return time.nanos();
  }

  /** Whether it has taken too long since then. */
  boolean isLate(long sinceNanos) {
    return time.nanos() - sinceNanos > timeoutNanos;
  }
}
