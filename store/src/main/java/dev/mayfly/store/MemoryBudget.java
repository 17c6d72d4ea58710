package dev.mayfly.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A number of bytes that many may use together: whoever takes some gives them back.
 *
 * <p>Safe for concurrent use. What {@link #tryTake} grants never exceeds the bound; what {@link
 * #take} takes counts against it and may.
 */
public final class MemoryBudget {
  private final long bytesMax;
  private final AtomicLong taken = new AtomicLong();

  /** One of so many bytes, 0 or more. */
  public MemoryBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** How many bytes may be taken. */
  public long bytesMax() {
    return bytesMax;
  }

  /** Takes so many bytes, or none. */
  public boolean tryTake(long bytes) {
    long before = taken.get();
    while (before + bytes <= bytesMax) {
      if (taken.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = taken.get();
    }
    return false;
  }

  /** Takes so many bytes whether they are left or not: for what is there already. */
  public void take(long bytes) {
    taken.addAndGet(bytes);
  }

  /** Gives back so many bytes of those that were taken. */
  public void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** How many bytes are taken. */
  public long taken() {
    return taken.get();
  }
}
