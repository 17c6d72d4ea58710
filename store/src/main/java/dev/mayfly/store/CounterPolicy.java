package dev.mayfly.store;

/**
 * How a namespace counts, and how much it may hold.
 *
 * <p>Immutable.
 *
 * @param windowMillis how long an event counts, at most {@link #WINDOW_MILLIS_MAX}
 * @param resolutionMillis how long a bucket is, where a key is counted in buckets; at most {@link
 *     #BUCKETS_MAX} of them may fit the window
 * @param exactMax how many distinct moments a key may have before it is counted in buckets
 * @param keysMax how many keys the namespace may have; 0: no limit
 * @param bytesMax how much memory its keys may take; 0: no limit
 * @param whenFull what happens to a new key at a limit, the namespace's or the store's
 */
public record CounterPolicy(
    long windowMillis,
    long resolutionMillis,
    int exactMax,
    long keysMax,
    long bytesMax,
    WhenFull whenFull) {
  /** Ten years. */
  public static final long WINDOW_MILLIS_MAX = 3_660L * 86_400_000;

  /** The most buckets of a key. */
  public static final int BUCKETS_MAX = 65_536;

  /** The highest exact threshold. */
  public static final int EXACT_MAX = 1 << 20;

  /** The exact threshold where none is said. */
  public static final int EXACT_DEFAULT = 4096;

  private static final int BUCKETS_DEFAULT = 100;

  /** What happens when there is no room for a new key. */
  public enum WhenFull {
    /** The new key is refused. */
    REFUSE,
    /** A key that was not hit for long, of those that a look at a few finds, makes room. */
    EVICT
  }

  /**
   * Checks the ranges.
   *
   * @throws MayflyException ARGUMENT_INVALID
   */
  public CounterPolicy {
    require("window", windowMillis, 1, WINDOW_MILLIS_MAX);
    require("resolution", resolutionMillis, leastResolution(windowMillis), windowMillis);
    require("exact threshold", exactMax, 1, EXACT_MAX);
    require("max keys", keysMax, 0, Long.MAX_VALUE);
    require("max bytes", bytesMax, 0, Long.MAX_VALUE);
  }

  /** This window with a hundred buckets, the default threshold, no limits, refusing. */
  public static CounterPolicy ofWindow(long windowMillis) {
    require("window", windowMillis, 1, WINDOW_MILLIS_MAX);
    return new CounterPolicy(
        windowMillis, defaultResolution(windowMillis), EXACT_DEFAULT, 0, 0, WhenFull.REFUSE);
  }

  /** The length of a bucket where none is said: a hundredth of the window, rounded up. */
  public static long defaultResolution(long windowMillis) {
    return Math.ceilDiv(windowMillis, BUCKETS_DEFAULT);
  }

  /** A copy with buckets of this length. */
  public CounterPolicy withResolution(long millis) {
    return new CounterPolicy(windowMillis, millis, exactMax, keysMax, bytesMax, whenFull);
  }

  /** A copy with this exact threshold. */
  public CounterPolicy withExactMax(int moments) {
    return new CounterPolicy(windowMillis, resolutionMillis, moments, keysMax, bytesMax, whenFull);
  }

  /** A copy with these limits; 0 is none. */
  public CounterPolicy withLimits(long keys, long bytes, WhenFull full) {
    return new CounterPolicy(windowMillis, resolutionMillis, exactMax, keys, bytes, full);
  }

  private static long leastResolution(long windowMillis) {
    return Math.max(1, Math.ceilDiv(windowMillis, BUCKETS_MAX));
  }

  private static void require(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "%s %d: expected %d to %d".formatted(what, value, least, most));
    }
  }
}
