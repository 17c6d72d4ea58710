package dev.mayfly.store;

/**
 * Waiting for a lock that another client holds: a registration that can be cancelled.
 *
 * <p><b>Fair.</b> Waiters of a key are served in the order in which they came. A lock that ends by
 * whatever means (unlock, its deadline, the end of its key, a transaction, a rename) passes to the
 * first waiter in the same step that ends it, so that nobody who did not wait gets in between.
 *
 * <p><b>Bounded.</b> There is a greatest number of waiters for each key and for the store; one more
 * is refused with OVERLOADED. A waiter waits until its time is up at the latest.
 *
 * <p><b>Never lost.</b> Whether the lock is free is asked, and the waiter registered, in one step
 * that excludes every step that could end the lock: so the end of a lock finds each waiter either
 * registered or holding. Each waiter is called back exactly once, unless it is cancelled before.
 *
 * <p>Safe for concurrent use.
 */
public interface LockWaits {
  /** No wait is longer: one day. */
  long WAIT_MILLIS_MAX = 86_400_000;

  /**
   * Takes the lock, at once if it is free, else when it is this waiter's turn. The lock's duration
   * begins when it is taken.
   *
   * @param waitMillis how long to wait at most, 0 to {@link #WAIT_MILLIS_MAX}; 0: only try
   * @param waiter is called back once, perhaps before this returns
   * @return what cancels the wait
   * @throws MayflyException what can be refused at once: as {@link Keyspace#apply}, but for LOCKED;
   *     OVERLOADED when too many wait; ARGUMENT_INVALID for the wait. The waiter is not called then
   */
  Ticket await(LockRequest request, long waitMillis, Stamp stamp, LockWaiter waiter);

  /** A place in the queue. */
  interface Ticket {
    /**
     * Gives the place up.
     *
     * @return whether it was still waiting: it is not called back then. Otherwise it was called
     *     back, or is just now, and may hold the lock
     */
    boolean cancel();
  }
}
