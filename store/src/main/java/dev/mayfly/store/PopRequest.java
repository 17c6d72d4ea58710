package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/** Removes a key and answers with the entry it had; null when it did not exist. */
public record PopRequest(byte[] key) implements KeyMutation<@Nullable Entry> {
  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    if (before == null) {
      return;
    }
    Checks.requireUnlocked(before, stamp);
    decision.entry(Entry.copyOf(before));
    Removals.decide(before, EventKind.DELETED, decision);
  }

  @Override
  public @Nullable Entry result(Decision decision, long revision) {
    return decision.entry();
  }
}
