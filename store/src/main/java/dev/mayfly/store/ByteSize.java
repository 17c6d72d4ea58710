package dev.mayfly.store;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * A number of bytes, and its text form: {@code 64MiB}, {@code 10kB}, {@code 1000000}.
 *
 * <p>{@code KiB MiB GiB TiB} count in steps of 1024, {@code kB MB GB TB} in steps of 1000; letters
 * may be of either case, a fraction is allowed as long as the result is a whole number of bytes.
 *
 * <p>Immutable.
 *
 * @param bytes never negative
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

  private static final int TEXT_CHARS_MAX = 32;
  private static final String[] BINARY = {"TiB", "GiB", "MiB", "KiB"};
  private static final String[] DECIMAL = {"TB", "GB", "MB", "kB"};

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size cannot be negative: " + bytes);
    }
  }

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException {@code invalid size '<text>': …}, if the text is no size, not
   *     a whole number of bytes, or does not fit 63 bits
   */
  public static ByteSize parse(String text) {
    int unitAt = 0;
    while (unitAt < text.length() && isNumberPart(text.charAt(unitAt))) {
      unitAt++;
    }
    if (text.length() > TEXT_CHARS_MAX) {
      throw invalid(text.substring(0, TEXT_CHARS_MAX) + "…");
    }
    try {
      String number = text.substring(0, unitAt);
      long unit = unit(text, text.substring(unitAt).strip());
      if (number.indexOf('.') < 0) {
        return new ByteSize(Math.multiplyExact(Long.parseLong(number), unit));
      }
      return new ByteSize(
          new BigDecimal(number).multiply(BigDecimal.valueOf(unit)).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw invalid(text);
    }
  }

  /** Narrows to an {@code int}; a larger size becomes {@code Integer.MAX_VALUE}. */
  public int clampedToInt() {
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The largest unit that gives a whole number, 1024s before 1000s; plain digits if none does. */
  @Override
  public String toString() {
    if (bytes != 0) {
      for (int i = 0; i < BINARY.length; i++) {
        long unit = 1L << (10 * (BINARY.length - i));
        if (bytes % unit == 0) {
          return bytes / unit + BINARY[i];
        }
      }
      long unit = 1_000_000_000_000L;
      for (String name : DECIMAL) {
        if (bytes % unit == 0) {
          return bytes / unit + name;
        }
        unit /= 1000;
      }
    }
    return Long.toString(bytes);
  }

  private static boolean isNumberPart(char c) {
    return c == '.' || (c >= '0' && c <= '9');
  }

  private static long unit(String text, String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "", "b" -> 1L;
      case "kib" -> 1L << 10;
      case "mib" -> 1L << 20;
      case "gib" -> 1L << 30;
      case "tib" -> 1L << 40;
      case "kb" -> 1_000L;
      case "mb" -> 1_000_000L;
      case "gb" -> 1_000_000_000L;
      case "tb" -> 1_000_000_000_000L;
      default -> throw invalid(text);
    };
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "invalid size '" + text + "': expected a number of bytes or a size such as 64MiB or 10kB");
  }
}
