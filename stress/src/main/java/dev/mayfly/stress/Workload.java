package dev.mayfly.stress;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the server: which keys, which values, how many reads. Immutable.
 *
 * @param prefix what every key begins with; letters, digits and {@code : . _ / -}
 * @param keys how many keys there are, numbered from 0
 * @param distribution which of them an operation is about
 * @param readPercent how many of a hundred operations read; the others write
 * @param valueSize how long values are; null: each is {@code value:} and the key's number
 * @param lifespan what a written key is given; null: none. Where a door knows it
 * @param seed what everything random follows from: the operation of a number is the same in every
 *     run with the same seed
 */
public record Workload(
    String prefix,
    long keys,
    Distribution distribution,
    double readPercent,
    @Nullable ValueSize valueSize,
    @Nullable Duration lifespan,
    long seed) {
  /** More keys than any server holds. */
  public static final long KEYS_MAX = 1L << 40;

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9:._/-]{0,64}");

  /** Checks the ranges. */
  public Workload {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "invalid prefix '"
              + prefix
              + "': expected at most 64 letters, digits and any of : . _ / -");
    }
    if (keys < 1 || keys > KEYS_MAX) {
      throw new IllegalArgumentException(
          "invalid number of keys " + keys + ": expected 1 to " + KEYS_MAX);
    }
    if (!(readPercent >= 0 && readPercent <= 100)) {
      throw new IllegalArgumentException(
          "invalid share of reads " + readPercent + ": expected 0 to 100");
    }
  }
}
