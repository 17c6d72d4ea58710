package dev.mayfly.store;

import java.util.List;

/**
 * All that is to be kept of a key of counters or limits, or of something else that lives beside the
 * keys. Immutable by contract. One without an end is gone.
 *
 * <p>What the numbers are, by kind. {@code COUNTER} and {@code SLIDING_WINDOW}: {@code ends} are
 * the deadlines of moments or buckets in rising order, {@code amounts} the events of each. {@code
 * GCRA} and {@code TOKEN_BUCKET}: the one end is the time until which the share is used up, in
 * nanoseconds since the epoch. {@code CONCURRENCY}: for each lease when it ends, how much it holds,
 * and in {@code names} its name. {@code LEASE}: a lease of keys, whose number is the key, eight
 * bytes with the highest first; when it ends, and its length. {@code CLIENT}: a client that
 * registered, whose id is the key; the end means nothing.
 *
 * @param rounded whether deadlines are those of buckets
 * @param ends in milliseconds since the epoch, unless said otherwise
 * @param names empty but for leases
 */
public record SavedCounter(
    Kind kind,
    byte[] namespace,
    byte[] key,
    boolean rounded,
    long[] ends,
    long[] amounts,
    long[] names) {
  private static final long AMOUNT_MAX = 0xFFFF_FFFFL;
  private static final long DISTANCE_MAX = 1L << 48;

  /**
   * What came from a disk may be anything.
   *
   * @throws IllegalArgumentException when the numbers are not what the kind has
   */
  public SavedCounter {
    requireAsMany(amounts, ends);
    requireAsMany(names, ends);
    if (kind == Kind.COUNTER || kind == Kind.SLIDING_WINDOW) {
      requireWindow(ends, amounts);
    }
  }

  private static void requireAsMany(long[] numbers, long[] ends) {
    if (numbers.length != 0 && numbers.length != ends.length) {
      throw new IllegalArgumentException(
          "%d numbers for %d ends".formatted(numbers.length, ends.length));
    }
  }

  private static void requireWindow(long[] ends, long[] amounts) {
    requireAsMany(ends, amounts);
    for (int i = 0; i < ends.length; i++) {
      long distance = i == 0 ? 0 : ends[i] - ends[i - 1];
      if (ends[i] < 0 || distance < 0 || distance > DISTANCE_MAX) {
        throw new IllegalArgumentException("end %d of a window".formatted(ends[i]));
      }
      if (amounts[i] < 0 || amounts[i] > AMOUNT_MAX) {
        throw new IllegalArgumentException("%d events".formatted(amounts[i]));
      }
    }
  }

  /** What it counts. */
  public enum Kind {
    /** Events of a counter. */
    COUNTER(0),
    /** Takes of a sliding window. */
    SLIDING_WINDOW(1),
    /** The pace of a GCRA limit. */
    GCRA(2),
    /** The pace of a token bucket. */
    TOKEN_BUCKET(3),
    /** Leases. */
    CONCURRENCY(4),
    /** A lease of keys. */
    LEASE(5),
    /** A client that registered. */
    CLIENT(6);

    private static final List<Kind> ALL = List.of(values());

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** Whether it is of counters or limits. */
    public boolean isCounted() {
      return number < LEASE.number;
    }

    /** The number in journals, which never changes. */
    public int number() {
      return number;
    }

    /**
     * The kind with this number.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Kind of(int number) {
      if (number < 0 || number >= ALL.size()) {
        throw new IllegalArgumentException("kind of counter " + number);
      }
      return ALL.get(number);
    }
  }

  /** All events, or all that leases hold. */
  public long sum() {
    long sum = 0;
    for (long amount : amounts) {
      sum += amount;
    }
    return sum;
  }
}
