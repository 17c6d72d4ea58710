package dev.mayfly.store;

/**
 * What a limit allows.
 *
 * <p>Immutable.
 *
 * @param kind how it is decided
 * @param quantity how much, in each period or, for {@link Kind#CONCURRENCY}, at a time; at most
 *     {@link #QUANTITY_MAX}, and {@link #LEASES_MAX} for concurrency
 * @param periodMillis the period; for concurrency, how long a lease lasts that nobody releases; at
 *     most {@link #PERIOD_MILLIS_MAX}
 * @param burst for {@link Kind#GCRA}: how much more than one unit may come at once; for {@link
 *     Kind#TOKEN_BUCKET}: how much the bucket holds, at least 1; else 0
 */
public record Limit(Kind kind, long quantity, long periodMillis, long burst) {
  /** The greatest quantity, and the greatest burst. */
  public static final long QUANTITY_MAX = 1_000_000_000;

  /** The most leases of a key. */
  public static final long LEASES_MAX = 4096;

  /** A year. */
  public static final long PERIOD_MILLIS_MAX = 366L * 86_400_000;

  /** How a limit is decided. */
  public enum Kind {
    /**
     * At most {@code quantity} in any period, wherever it begins. Where a key is counted in
     * buckets, it may allow less for the length of a bucket, a hundredth of the period.
     */
    SLIDING_WINDOW,
    /**
     * One unit each {@code period / quantity}, and {@code burst} units ahead of that: the generic
     * cell rate algorithm, ITU-T I.371.
     */
    GCRA,
    /** A bucket of {@code burst} tokens, full at first, refilled by {@code quantity} a period. */
    TOKEN_BUCKET,
    /** At most {@code quantity} held at a time, each until it is released or its lease ends. */
    CONCURRENCY
  }

  /**
   * Checks the ranges.
   *
   * @throws MayflyException ARGUMENT_INVALID
   */
  public Limit {
    require("limit", quantity, 1, kind == Kind.CONCURRENCY ? LEASES_MAX : QUANTITY_MAX);
    require("period", periodMillis, 1, PERIOD_MILLIS_MAX);
    switch (kind) {
      case SLIDING_WINDOW, CONCURRENCY -> require("burst", burst, 0, 0);
      case GCRA ->
          require("burst", burst, 0, Math.min(QUANTITY_MAX, unitsMax(quantity, periodMillis)) - 1);
      case TOKEN_BUCKET ->
          require("burst", burst, 1, Math.min(QUANTITY_MAX, unitsMax(quantity, periodMillis)));
    }
  }

  /** So much in any period of this length. */
  public static Limit slidingWindow(long quantity, long periodMillis) {
    return new Limit(Kind.SLIDING_WINDOW, quantity, periodMillis, 0);
  }

  /** So much a period, evenly, and so much more at once. */
  public static Limit gcra(long quantity, long periodMillis, long burst) {
    return new Limit(Kind.GCRA, quantity, periodMillis, burst);
  }

  /** A bucket of this capacity, refilled by so much a period. */
  public static Limit tokenBucket(long capacity, long quantity, long periodMillis) {
    return new Limit(Kind.TOKEN_BUCKET, quantity, periodMillis, capacity);
  }

  /** So many at a time, each for at most this long. */
  public static Limit concurrency(long quantity, long leaseMillis) {
    return new Limit(Kind.CONCURRENCY, quantity, leaseMillis, 0);
  }

  /** The most that can be taken at once, by a key that was not used lately. */
  public long capacity() {
    return switch (kind) {
      case SLIDING_WINDOW, CONCURRENCY -> quantity;
      case GCRA -> burst + 1;
      case TOKEN_BUCKET -> burst;
    };
  }

  /** What a pace can express: filling up takes at most 146 years. */
  private static long unitsMax(long quantity, long periodMillis) {
    return (1L << 62) / Math.ceilDiv(periodMillis * 1_000_000, quantity);
  }

  private static void require(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "%s %d: expected %d to %d".formatted(what, value, least, most));
    }
  }
}
