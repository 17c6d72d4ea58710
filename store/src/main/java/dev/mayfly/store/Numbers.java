package dev.mayfly.store;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Numbers as values: decimal text. */
final class Numbers {
  private static final int LONG_CHARS_MAX = 20;
  private static final int DECIMAL_CHARS_MAX = 400;
  private static final int EXPONENT_MAX = 308;
  private static final int PLACES_MAX = 17;

  private Numbers() {}

  /** A canonical integer: no leading zeros, no plus, no space. */
  static long decodeInteger(EntryView view) {
    if (view.valueLength() == 0 || view.valueLength() > LONG_CHARS_MAX) {
      throw notANumber("a 64-bit integer");
    }
    byte[] text = view.value();
    boolean negative = text[0] == '-';
    int at = negative ? 1 : 0;
    if (at == text.length || (text[at] == '0' && text.length > 1)) {
      throw notANumber("a 64-bit integer");
    }
    // Summed below zero, where the range is larger by one.
    long sum = 0;
    for (; at < text.length; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9 || sum < Long.MIN_VALUE / 10) {
        throw notANumber("a 64-bit integer");
      }
      sum = sum * 10 - digit;
      if (sum > 0) {
        throw notANumber("a 64-bit integer");
      }
    }
    if (!negative && sum == Long.MIN_VALUE) {
      throw notANumber("a 64-bit integer");
    }
    return negative ? sum : -sum;
  }

  static long add(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw new MayflyException(
          ErrorCode.NUMBER_OVERFLOW, "%d + %d: expected a 64-bit sum".formatted(a, b));
    }
    return sum;
  }

  /** The decimal digits, after a minus where it is below zero. */
  static byte[] encode(long number) {
    // Taken apart below zero, where the range is larger by one.
    long left = number < 0 ? number : -number;
    int length = number < 0 ? 2 : 1;
    for (long rest = left; rest <= -10; rest /= 10) {
      length++;
    }
    byte[] text = new byte[length];
    for (int at = length - 1; at >= 0; at--) {
      text[at] = (byte) ('0' - left % 10);
      left /= 10;
    }
    if (number < 0) {
      text[0] = '-';
    }
    return text;
  }

  static BigDecimal decodeDecimal(EntryView view) {
    if (view.valueLength() == 0 || view.valueLength() > DECIMAL_CHARS_MAX) {
      throw notANumber("a decimal number");
    }
    try {
      return requireRange(
          new BigDecimal(new String(view.value(), StandardCharsets.ISO_8859_1)),
          ErrorCode.NOT_A_NUMBER);
    } catch (NumberFormatException e) {
      throw notANumber("a decimal number");
    }
  }

  static BigDecimal add(BigDecimal a, BigDecimal b) {
    BigDecimal left = requireRange(a, ErrorCode.NUMBER_OVERFLOW);
    BigDecimal sum = left.add(requireRange(b, ErrorCode.NUMBER_OVERFLOW));
    return sum.scale() > PLACES_MAX ? sum.setScale(PLACES_MAX, RoundingMode.HALF_EVEN) : sum;
  }

  static String encode(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** Keeps the digits of a sum bounded: an exponent of a billion would take as much memory. */
  private static BigDecimal requireRange(BigDecimal number, ErrorCode code) {
    long exponent = (long) number.precision() - number.scale();
    if (Math.abs(exponent) > EXPONENT_MAX || number.precision() > DECIMAL_CHARS_MAX) {
      throw new MayflyException(
          code, "exponent %d: expected at most %d either way".formatted(exponent, EXPONENT_MAX));
    }
    return number;
  }

  private static MayflyException notANumber(String expected) {
    return new MayflyException(ErrorCode.NOT_A_NUMBER, "the value is not " + expected);
  }
}
