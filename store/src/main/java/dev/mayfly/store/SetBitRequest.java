package dev.mayfly.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sets one bit of a value, which grows with zero bytes as far as needed; a missing key counts as
 * empty. A bit that is there and is as wanted is no change. The number told is the bit before.
 *
 * @param bit which one, from 0; bit 0 is the highest of the first byte
 * @param on what it becomes
 */
public record SetBitRequest(byte[] key, long bit, boolean on, Rules rules)
    implements KeyMutation<NumberResult> {
  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
    if (bit < 0) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "bit %d: expected at least 0".formatted(bit));
    }
    Checks.requireValueSize((bit >>> 3) + 1, rules, bounds);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    Checks.requireUnlocked(before, stamp);
    int at = Math.toIntExact(bit >>> 3);
    int mask = 0x80 >>> (int) (bit & 7);
    byte[] old = before == null ? new byte[0] : before.value();
    byte[] value = Arrays.copyOf(old, Math.max(old.length, at + 1));
    boolean wasOn = (value[at] & mask) != 0;
    decision.number(wasOn ? 1 : 0);
    if (at < old.length && wasOn == on) {
      return;
    }
    value[at] = (byte) (on ? value[at] | mask : value[at] & ~mask);
    Rewrites.decide(value, Lifespan.UNSTATED, rules, before, stamp, decision);
  }

  @Override
  public NumberResult result(Decision decision, long revision) {
    return new NumberResult(decision.number(), decision.isCreated(), revision);
  }
}
