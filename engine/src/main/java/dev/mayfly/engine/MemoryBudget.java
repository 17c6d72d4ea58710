package dev.mayfly.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the shards may use together. Each shard takes its share in chunks and gives back
 * what it does not need, so that the common counter is rarely touched.
 *
 * <p>Safe for concurrent use. What is granted never exceeds the limit.
 */
final class MemoryBudget {
  /** What a shard takes at once. */
  static final long CHUNK = 64 << 10;

  private final long bytesMax;
  private final AtomicLong granted = new AtomicLong();

  MemoryBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  long bytesMax() {
    return bytesMax;
  }

  /** Takes so many bytes, or none. */
  boolean tryTake(long bytes) {
    long before = granted.get();
    while (before + bytes <= bytesMax) {
      if (granted.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = granted.get();
    }
    return false;
  }

  void giveBack(long bytes) {
    granted.addAndGet(-bytes);
  }
}
