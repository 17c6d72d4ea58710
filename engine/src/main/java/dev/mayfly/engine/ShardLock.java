package dev.mayfly.engine;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of a shard. It is held for less than a microsecond by most, which is far less than it
 * takes to put a thread to sleep and wake it: so whoever finds it held looks again for a while
 * before it waits.
 */
final class ShardLock extends ReentrantLock {
  private static final long serialVersionUID = 1;
  private static final int SPINS = 100;

  @Override
  public void lock() {
    if (tryLock()) {
      return;
    }
    for (int spins = 0; spins < SPINS; spins++) {
      Thread.onSpinWait();
      if (!isLocked() && tryLock()) {
        return;
      }
    }
    super.lock();
  }
}
