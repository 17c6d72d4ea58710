package dev.mayfly.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory may be held by what is on its way in or out: request bodies, and values too large
 * to be beneath notice.
 *
 * <p>Safe for concurrent use. Whoever acquires bytes releases them.
 */
final class TransferMemory {
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  TransferMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Takes so many bytes, unless that is more than is left. */
  boolean tryAcquire(long wanted) {
    if (bytes.addAndGet(wanted) <= bytesMax) {
      return true;
    }
    bytes.addAndGet(-wanted);
    return false;
  }

  /** Takes so many bytes whether they are left or not: for what cannot be refused any more. */
  void acquire(long wanted) {
    bytes.addAndGet(wanted);
  }

  void release(long acquired) {
    bytes.addAndGet(-acquired);
  }

  /** How many bytes are held. */
  long bytes() {
    return bytes.get();
  }
}
