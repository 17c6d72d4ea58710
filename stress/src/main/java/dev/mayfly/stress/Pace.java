package dev.mayfly.stress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast operations are sent, and when it is enough: at the first of the two bounds. Immutable.
 *
 * @param amount how many operations, the warm-up's included; null: as many as there is time for
 * @param duration for how long, behind the warm-up; null: as long as the amount takes
 * @param warmup for how long operations are sent before they count
 * @param rate so many a second, whether the server keeps up or not; null: each connection sends
 *     when it has its answers
 */
public record Pace(
    @Nullable Long amount, @Nullable Duration duration, Duration warmup, @Nullable Double rate) {
  /** Faster than one machine can send. */
  public static final double RATE_MAX = 10_000_000;

  /** Checks the ranges. */
  public Pace {
    if (amount == null && duration == null) {
      throw new IllegalArgumentException("neither an amount nor a duration: expected a bound");
    }
    if (amount != null && amount < 1) {
      throw new IllegalArgumentException("invalid amount " + amount + ": expected at least 1");
    }
    if (duration != null && !duration.isPositive()) {
      throw new IllegalArgumentException("invalid duration " + duration + ": expected above 0");
    }
    if (warmup.isNegative()) {
      throw new IllegalArgumentException("invalid warm-up " + warmup + ": expected at least 0");
    }
    if (rate != null && !(rate > 0 && rate <= RATE_MAX)) {
      throw new IllegalArgumentException(
          "invalid rate " + rate + ": expected above 0, at most 10M");
    }
  }
}
