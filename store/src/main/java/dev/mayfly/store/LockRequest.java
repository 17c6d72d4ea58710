package dev.mayfly.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes or renews the lock on a key for the caller.
 *
 * @param lockMillis how long; absent is 0 and refused
 * @param createIfMissing whether a missing key is created, with an empty value, version 1
 * @param extend whether a renewal adds to what is left instead of beginning now
 */
public record LockRequest(
    byte[] key, long lockMillis, boolean createIfMissing, boolean extend, Rules rules)
    implements KeyMutation<LockResult> {
  private static final byte[] EMPTY = new byte[0];

  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    Checks.requireLockDuration(lockMillis, bounds);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    if (before == null && !createIfMissing) {
      throw new MayflyException(ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.summary());
    }
    Checks.requireUnlocked(before, stamp);
    decision.rules(rules);
    decision.put();
    Lock held = before == null ? null : before.lock();
    if (before == null) {
      decision.created(true);
      decision.value(EMPTY);
      decision.event(EventKind.CREATED);
    }
    Locks.decide(held, lockMillis, extend, stamp, decision);
  }

  @Override
  public LockResult result(Decision decision, long revision) {
    Lock lock = Objects.requireNonNull(decision.lock());
    long token = lock.token() == 0 ? revision : lock.token();
    return new LockResult(token, lock.deadlineMillis(), decision.isCreated(), revision);
  }
}
