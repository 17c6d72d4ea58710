package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Answers with the entry as it was and changes its lifespan in the same step; null when the key
 * does not exist.
 *
 * @param lifespan {@code KEEP}, {@code CLEAR}, {@code FOR} or {@code UNTIL}; one that is past
 *     removes the key
 */
public record ReadAndExpireRequest(byte[] key, Lifespan lifespan, Rules rules)
    implements KeyMutation<@Nullable Entry> {
  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    if (lifespan.kind() == Lifespan.Kind.LEASE) {
      throw new MayflyException(
          ErrorCode.LIFESPAN_INVALID, "a lease: expected a length, a deadline, or none at all");
    }
    lifespan.requireValid(rules);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    if (before == null) {
      return;
    }
    Checks.requireUnlocked(before, stamp);
    decision.entry(Entry.copyOf(before));
    if (Lifespans.isPast(lifespan, stamp)) {
      Removals.decide(before, EventKind.DELETED, decision);
    } else if (Lifespans.decide(lifespan, null, before, stamp, decision)) {
      decision.put();
    }
  }

  @Override
  public @Nullable Entry result(Decision decision, long revision) {
    return decision.entry();
  }
}
