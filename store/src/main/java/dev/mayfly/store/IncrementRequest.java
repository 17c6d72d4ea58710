package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Adds to a value that is a decimal 64-bit integer; a missing key counts as 0.
 *
 * @param by what is added; may be negative
 * @param lifespan the lifespan from here on; unstated: as it is
 */
public record IncrementRequest(byte[] key, long by, Lifespan lifespan, Rules rules)
    implements KeyMutation<NumberResult> {
  @Override
  public long lease() {
    return lifespan.lease();
  }

  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    lifespan.requireValid(rules);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    Checks.requireUnlocked(before, stamp);
    long sum = Numbers.add(before == null ? 0 : Numbers.decodeInteger(before), by);
    decision.number(sum);
    Rewrites.decide(Numbers.encode(sum), lifespan, rules, before, stamp, decision);
  }

  @Override
  public NumberResult result(Decision decision, long revision) {
    return new NumberResult(decision.number(), decision.isCreated(), revision);
  }
}
