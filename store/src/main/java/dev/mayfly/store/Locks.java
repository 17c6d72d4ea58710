package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/** How a lock is taken or renewed: the part that several transitions share. */
final class Locks {
  private Locks() {}

  /**
   * Takes the lock, or renews the caller's own.
   *
   * @param held the lock that is held, which is the caller's own
   * @param extend whether a renewal adds to what is left instead of beginning now
   */
  static void decide(
      @Nullable Lock held, long lockMillis, boolean extend, Stamp stamp, Decision decision) {
    long now = stamp.timeMillis();
    if (held == null) {
      decision.lock(new Lock(stamp.client(), 0, now, now + lockMillis));
    } else {
      long from = extend ? Math.max(now, held.deadlineMillis()) : now;
      decision.lock(new Lock(held.owner(), held.token(), held.createdMillis(), from + lockMillis));
    }
    decision.countLock();
    decision.event(EventKind.LOCKED);
  }
}
