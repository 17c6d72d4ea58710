package dev.mayfly.store;

/**
 * Who waits for a lock. It is called back once, on whichever thread ended the lock or noticed the
 * time, with no lock of the store held; it must not block.
 */
public interface LockWaiter {
  /** The lock is held from now on. */
  void onGranted(LockResult result);

  /**
   * The wait is over without the lock.
   *
   * @param refusal LOCKED when the time was up; NOT_FOUND when the key is gone and is not to be
   *     created; UNAVAILABLE when the store closes; else as {@link Keyspace#apply}
   */
  void onRefused(MayflyException refusal);
}
