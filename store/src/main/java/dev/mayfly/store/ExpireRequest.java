package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Changes only the lifespan of a key; a deadline that is past removes it.
 *
 * @param lifespan {@code FOR}, {@code UNTIL}, or {@code CLEAR} (persist)
 * @param condition when it is to happen at all
 */
public record ExpireRequest(byte[] key, Lifespan lifespan, When condition, Rules rules)
    implements KeyMutation<ExpireResult> {
  /** When a lifespan is changed at all. A key without one counts as living for ever. */
  public enum When {
    /** In every case. */
    ALWAYS,
    /** Only when it has none. */
    IF_NONE,
    /** Only when it has one. */
    IF_ANY,
    /** Only when the new deadline is later. */
    IF_LATER,
    /** Only when the new deadline is earlier. */
    IF_EARLIER,
    /** Only when it has one, and the new deadline is earlier. */
    IF_ANY_AND_EARLIER
  }

  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    switch (lifespan.kind()) {
      case FOR, UNTIL, CLEAR -> lifespan.requireValid(rules);
      case UNSTATED, KEEP, LEASE ->
          throw new MayflyException(
              ErrorCode.LIFESPAN_INVALID, "no lifespan given: expected one, or none at all");
    }
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    if (before == null) {
      return;
    }
    decision.existed(true);
    Checks.requireUnlocked(before, stamp);
    if (!holds(before, stamp)) {
      return;
    }
    if (Lifespans.isPast(lifespan, stamp)) {
      Removals.decide(before, EventKind.DELETED, decision);
      decision.applied(true);
    } else if (Lifespans.decide(lifespan, null, before, stamp, decision)) {
      decision.put();
      decision.applied(true);
    }
  }

  private boolean holds(EntryView before, Stamp stamp) {
    long old = before.deadlineMillis() == 0 ? Long.MAX_VALUE : before.deadlineMillis();
    boolean clears = lifespan.kind() == Lifespan.Kind.CLEAR;
    long asked = clears ? Long.MAX_VALUE : lifespan.deadlineMillis(stamp.timeMillis());
    return switch (condition) {
      case ALWAYS -> true;
      case IF_NONE -> old == Long.MAX_VALUE;
      case IF_ANY -> old != Long.MAX_VALUE;
      case IF_LATER -> asked > old;
      case IF_EARLIER -> asked < old;
      case IF_ANY_AND_EARLIER -> old != Long.MAX_VALUE && asked < old;
    };
  }

  @Override
  public ExpireResult result(Decision decision, long revision) {
    return new ExpireResult(decision.isApplied(), decision.isExisting(), revision);
  }
}
