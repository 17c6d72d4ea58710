package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * What the store itself does to a key: ends a lock or a lifespan whose time has come, or removes
 * the key to make room. Its view shows what is past, too.
 *
 * @param reason why
 */
public record ReapRequest(byte[] key, Reason reason) implements KeyMutation<Boolean> {
  /** Why. */
  public enum Reason {
    /** A deadline may have passed. */
    TIME,
    /** The key is to make room for others; a locked key stays. */
    PRUNE
  }

  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireKey(key);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    if (before == null) {
      return;
    }
    long now = stamp.timeMillis();
    Lock lock = before.lock();
    if (before.deadlineMillis() != 0 && before.deadlineMillis() <= now) {
      // A lifespan wins over a lock: the lock ends first, told by its own event.
      if (lock != null) {
        decision.lock(null);
        decision.event(EventKind.UNLOCKED);
      }
      decision.remove();
      decision.event(EventKind.EXPIRED);
      decision.applied(true);
    } else if (lock != null && !lock.isHeld(now)) {
      decision.lock(null);
      decision.put();
      decision.event(EventKind.UNLOCKED);
    } else if (reason == Reason.PRUNE && lock == null && !ReservedKeys.isReserved(key)) {
      decision.remove();
      decision.event(EventKind.EXPUNGED);
      decision.applied(true);
    }
  }

  /** Whether the key is gone. */
  @Override
  public Boolean result(Decision decision, long revision) {
    return decision.isApplied();
  }
}
