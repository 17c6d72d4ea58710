package dev.mayfly.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Appends to a value; a missing key counts as empty. The number told is the new length. */
public record AppendRequest(byte[] key, byte[] tail, Rules rules)
    implements KeyMutation<NumberResult> {
  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    Checks.requireValueSize(tail.length, rules, bounds);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    Checks.requireUnlocked(before, stamp);
    byte[] value = tail;
    if (before != null) {
      int length = before.valueLength();
      Checks.requireValueSize((long) length + tail.length, rules, decision.bounds());
      value = Arrays.copyOf(before.value(), length + tail.length);
      System.arraycopy(tail, 0, value, length, tail.length);
    }
    decision.number(value.length);
    Rewrites.decide(value, Lifespan.UNSTATED, rules, before, stamp, decision);
  }

  @Override
  public NumberResult result(Decision decision, long revision) {
    return new NumberResult(decision.number(), decision.isCreated(), revision);
  }
}
