package dev.mayfly.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a value that is a decimal fraction; a missing key counts as 0. The sum is exact to 17
 * places after the point, plain, without trailing zeros.
 *
 * @param by what is added; may be negative
 */
public record IncrementDecimalRequest(byte[] key, BigDecimal by, Rules rules)
    implements KeyMutation<DecimalResult> {
  @Override
  public void requireValid(Bounds bounds, boolean readOnly) {
    Checks.requireWritable(key, bounds, readOnly);
  }

  @Override
  public void decide(@Nullable EntryView before, Stamp stamp, Decision decision) {
    Checks.requireUnlocked(before, stamp);
    BigDecimal old = before == null ? BigDecimal.ZERO : Numbers.decodeDecimal(before);
    byte[] sum = Numbers.encode(Numbers.add(old, by)).getBytes(StandardCharsets.US_ASCII);
    decision.bytes(sum);
    Rewrites.decide(sum, Lifespan.UNSTATED, rules, before, stamp, decision);
  }

  @Override
  public DecimalResult result(Decision decision, long revision) {
    byte[] sum = Objects.requireNonNull(decision.bytes());
    return new DecimalResult(
        new String(sum, StandardCharsets.US_ASCII), decision.isCreated(), revision);
  }
}
