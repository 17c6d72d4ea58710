package dev.mayfly.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Overwrites part of a value, which grows with zero bytes as far as needed; a missing key counts as
 * empty. Nothing to write is no change. The number told is the length afterwards.
 *
 * @param offset where the part begins, at least 0
 */
public record SetRangeRequest(byte[] key, long offset, byte[] part, Rules rules)
    implements KeyMutation<NumberResult> {
  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    if (offset < 0) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "offset %d: expected at least 0".formatted(offset));
    }
    if (part.length > 0) {
      long end = Math.min(offset, Integer.MAX_VALUE) + part.length;
      Checks.requireValueSize(end, rules, bounds);
    }
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    Checks.requireUnlocked(before, stamp);
    int length = before == null ? 0 : before.valueLength();
    if (part.length == 0) {
      decision.number(length);
      return;
    }
    int end = Math.toIntExact(offset + part.length);
    byte[] old = before == null ? new byte[0] : before.value();
    byte[] value = Arrays.copyOf(old, Math.max(length, end));
    System.arraycopy(part, 0, value, (int) offset, part.length);
    decision.number(value.length);
    Rewrites.decide(value, Lifespan.UNSTATED, rules, before, stamp, decision);
  }

  @Override
  public NumberResult result(Decision decision, long revision) {
    return new NumberResult(decision.number(), decision.isCreated(), revision);
  }
}
