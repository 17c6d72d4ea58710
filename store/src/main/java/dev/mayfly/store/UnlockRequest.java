package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Releases the caller's lock on a key. A key that is not locked stays as it is.
 *
 * @param token the fencing token that must be held; 0: any of the caller's
 */
public record UnlockRequest(byte[] key, long token) implements KeyMutation<UnlockResult> {
  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    if (before == null) {
      throw new MayflyException(ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.summary());
    }
    Lock held = before.lock();
    if (held == null) {
      return;
    }
    Checks.requireUnlocked(held, stamp);
    if (token != 0 && token != held.token()) {
      throw new MayflyException(
          ErrorCode.LOCKED, "token %d: the lock is held with another one".formatted(token));
    }
    decision.applied(true);
    decision.put();
    decision.lock(null);
    decision.event(EventKind.UNLOCKED);
  }

  @Override
  public UnlockResult result(Decision decision, long revision) {
    return new UnlockResult(decision.isApplied(), revision);
  }
}
