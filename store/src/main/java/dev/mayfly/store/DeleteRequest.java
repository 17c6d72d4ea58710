package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Removes a key.
 *
 * @param condition when it is to happen at all; {@code IF_ABSENT} never does
 * @param forced whether another client's lock is no hindrance
 */
public record DeleteRequest(byte[] key, Condition condition, boolean forced)
    implements KeyMutation<DeleteResult> {
  /** Removes a key without further ado. */
  public static DeleteRequest of(byte[] key) {
    return new DeleteRequest(key, Condition.ALWAYS, false);
  }

  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    if (before == null) {
      return;
    }
    decision.existed(true);
    if (!forced) {
      Checks.requireUnlocked(before, stamp);
    }
    if (condition.holds(before)) {
      decision.applied(true);
      Removals.decide(before, EventKind.DELETED, decision);
    }
  }

  @Override
  public DeleteResult result(Decision decision, long revision) {
    return new DeleteResult(decision.isApplied(), decision.isExisting(), revision);
  }
}
