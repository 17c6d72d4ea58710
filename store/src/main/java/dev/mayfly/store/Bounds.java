package dev.mayfly.store;

/**
 * The store's own limits on what a request may carry, the same behind every door.
 *
 * @param keyBytesMax the longest key, 1 to 65535
 * @param valueBytesMax the longest value, 1 to 8 MiB
 * @param lockMillisMin the shortest lock, at least 1
 * @param lockMillisMax the longest lock, at least {@code lockMillisMin}
 */
public record Bounds(int keyBytesMax, int valueBytesMax, long lockMillisMin, long lockMillisMax) {
  /** No value is ever longer: 8 MiB. */
  public static final int VALUE_BYTES_HARD_MAX = 8 << 20;

  /** No key is ever longer. */
  public static final int KEY_BYTES_HARD_MAX = 65_535;

  /** The greatest deadline: 2^47 milliseconds after the epoch, some 4,459 years. */
  public static final long DEADLINE_MILLIS_MAX = 1L << 47;

  /** Checks the ranges. */
  public Bounds {
    if (keyBytesMax < 1 || keyBytesMax > KEY_BYTES_HARD_MAX) {
      throw new IllegalArgumentException("key bytes max " + keyBytesMax + ": expected 1 to 65535");
    }
    if (valueBytesMax < 1 || valueBytesMax > VALUE_BYTES_HARD_MAX) {
      throw new IllegalArgumentException(
          "value bytes max " + valueBytesMax + ": expected 1 to " + VALUE_BYTES_HARD_MAX);
    }
    if (lockMillisMin < 1 || lockMillisMax < lockMillisMin) {
      throw new IllegalArgumentException(
          "lock millis %d to %d: expected 1 or more, in order"
              .formatted(lockMillisMin, lockMillisMax));
    }
  }
}
