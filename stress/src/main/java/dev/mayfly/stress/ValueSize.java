package dev.mayfly.stress;

import dev.mayfly.store.ByteSize;

/**
 * How long values are, in bytes: any length from the least to the most is as likely. Immutable.
 *
 * @param min at least 0
 * @param max at least the least, at most {@link #BYTES_MAX}
 */
public record ValueSize(int min, int max) {
  /** The longest value that a load is made of. */
  public static final int BYTES_MAX = 8 << 20;

  /** Checks the range. */
  public ValueSize {
    if (min < 0 || max < min || max > BYTES_MAX) {
      throw new IllegalArgumentException(
          "invalid value size %d-%d: expected 0 to 8MiB, the least first".formatted(min, max));
    }
  }

  /**
   * Reads {@code 64}, {@code 1KiB} or {@code 10-1KiB}.
   *
   * @throws IllegalArgumentException with a message for the user, if it is none of these forms
   */
  public static ValueSize parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      int size = bytes(text);
      return new ValueSize(size, size);
    }
    return new ValueSize(bytes(text.substring(0, dash)), bytes(text.substring(dash + 1)));
  }

  private static int bytes(String text) {
    long bytes = ByteSize.parse(text).bytes();
    if (bytes > BYTES_MAX) {
      throw new IllegalArgumentException("invalid value size '" + text + "': at most 8MiB");
    }
    return (int) bytes;
  }

  @Override
  public String toString() {
    return min == max ? String.valueOf(min) : min + "-" + max;
  }
}
