package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Creates a key or replaces its value.
 *
 * @param contentType what the client says the value is; null: to be detected
 * @param condition when it is to happen at all
 * @param lifespan the lifespan from here on
 * @param lockMillis how long the key is locked for the caller; 0: the lock stays as it is
 * @param previousWanted whether the result carries the value before
 */
public record SetRequest(
    byte[] key,
    byte[] value,
    @Nullable String contentType,
    Condition condition,
    Lifespan lifespan,
    long lockMillis,
    boolean previousWanted,
    Rules rules)
    implements KeyMutation<SetResult> {
  /** Sets a key without further ado. */
  public static SetRequest of(byte[] key, byte[] value, Lifespan lifespan, Rules rules) {
    return new SetRequest(key, value, null, Condition.ALWAYS, lifespan, 0, false, rules);
  }

  @Override
  public long lease() {
    return lifespan.lease();
  }

  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    Checks.requireValueSize(value.length, rules, bounds);
    Checks.requireContentType(contentType);
    if (lockMillis != 0) {
      Checks.requireLockDuration(lockMillis, bounds);
    }
    lifespan.requireValid(rules);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    Checks.requireUnlocked(before, stamp);
    if (previousWanted && before != null) {
      decision.bytes(before.value());
    }
    if (!condition.holds(before)) {
      return;
    }
    decision.applied(true);
    if (Lifespans.isPast(lifespan, stamp)) {
      if (before == null) {
        decision.pass();
      } else {
        Removals.decide(before, EventKind.DELETED, decision);
      }
      return;
    }
    decision.rules(rules);
    decision.countSet();
    if (before == null) {
      decision.created(true);
      decision.put();
      decision.event(EventKind.CREATED);
      decision.value(value);
      decision.contentType(contentType);
      Lifespans.decide(lifespan, rules.unstatedLifespan(), null, stamp, decision);
      decideLock(null, stamp, decision);
      return;
    }
    boolean changed = Lifespans.decide(lifespan, rules.unstatedLifespan(), before, stamp, decision);
    changed |= decideLock(before.lock(), stamp, decision);
    if (rules.equalValueChanges() || !isEqual(before)) {
      decision.value(value);
      decision.contentType(contentType);
      decision.event(EventKind.UPDATED);
      changed = true;
    }
    if (changed) {
      decision.put();
    }
  }

  private boolean isEqual(EntryView before) {
    return before.valueEquals(value)
        && (contentType == null || contentType.equals(before.contentType()));
  }

  private boolean decideLock(@Nullable Lock held, Stamp stamp, Decision decision) {
    if (lockMillis == 0) {
      return false;
    }
    Locks.decide(held, lockMillis, false, stamp, decision);
    return true;
  }

  @Override
  public SetResult result(Decision decision, long revision) {
    return new SetResult(decision.isApplied(), decision.isCreated(), revision, decision.bytes());
  }
}
