package dev.mayfly.client;

import java.time.Duration;

/**
 * What a limit allows.
 *
 * <p>Immutable; the server checks the ranges.
 *
 * @param kind how it is decided
 * @param quantity how much, in each period or, for concurrency, at a time
 * @param period the period; for concurrency, how long a lease lasts that nobody releases
 * @param burst for GCRA how much more than one unit may come at once, for a token bucket how much
 *     it holds, else 0
 */
public record LimitTerms(Kind kind, long quantity, Duration period, long burst) {
  /** How a limit is decided. */
  public enum Kind {
    /** At most so much in any period, wherever it begins. */
    SLIDING_WINDOW(0),
    /** Evenly, and a burst ahead of that. */
    GCRA(1),
    /** A bucket of tokens that is refilled. */
    TOKEN_BUCKET(2),
    /** So many at a time. */
    CONCURRENCY(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** How the counter protocol calls it. */
    int number() {
      return number;
    }
  }

  /** So much in any period of this length. */
  public static LimitTerms slidingWindow(long quantity, Duration period) {
    return new LimitTerms(Kind.SLIDING_WINDOW, quantity, period, 0);
  }
}
