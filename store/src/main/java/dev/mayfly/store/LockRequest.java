package dev.mayfly.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes or renews the lock on a key for the caller.
 *
 * @param lockMillis how long; absent is 0 and refused
 * @param createIfMissing whether a missing key is created, with an empty value, version 1
 * @param extend whether a renewal adds to what is left instead of beginning now
 * @param token the fencing token of the lock that is renewed, if it is held still: no other lock is
 *     taken then, and no key created; 0: the lock is taken or renewed
 */
public record LockRequest(
    byte[] key, long lockMillis, boolean createIfMissing, boolean extend, long token, Rules rules)
    implements KeyMutation<LockResult> {
  private static final byte[] EMPTY = new byte[0];

  /** A request that takes the lock or renews it. */
  public LockRequest(
      byte[] key, long lockMillis, boolean createIfMissing, boolean extend, Rules rules) {
    this(key, lockMillis, createIfMissing, extend, 0, rules);
  }

  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    Checks.requireLockDuration(lockMillis, bounds);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    if (before == null && (!createIfMissing || token != 0)) {
      throw new MayflyException(ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.summary());
    }
    Checks.requireUnlocked(before, stamp);
    Lock held = before == null ? null : before.lock();
    if (token != 0 && (held == null || held.token() != token)) {
      throw new MayflyException(
          ErrorCode.LOCKED, "token %d: the lock is not held with it".formatted(token));
    }
    decision.rules(rules);
    decision.put();
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
