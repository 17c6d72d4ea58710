package dev.mayfly.resp;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes that clients sent may wait to be run, all clients together: of commands that are
 * not whole, that come faster than replies are taken, or that are queued with MULTI. What one
 * client may have is bounded elsewhere; many of them are bounded here.
 *
 * <p>Safe for concurrent use. Whoever takes bytes gives them back.
 */
final class InputMemory {
  private final long bytesMax;
  private final AtomicLong taken = new AtomicLong();

  InputMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  long bytesMax() {
    return bytesMax;
  }

  /** Takes so many bytes, unless that is more than is left. */
  boolean tryTake(long bytes) {
    if (taken.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Takes so many bytes whether they are left or not: for what is there already. */
  void take(long bytes) {
    taken.addAndGet(bytes);
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** How many bytes are taken. */
  long taken() {
    return taken.get();
  }

  /** What a client is told that cannot have more. */
  String refusal() {
    return "ERR commands that wait to be run exceed "
        + bytesMax
        + " bytes, of all clients together";
  }
}
