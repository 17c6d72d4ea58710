package dev.mayfly.store;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * The text form of durations in options, commands and requests: {@code 300ms}, {@code 1.5h}, {@code
 * 1h30m}, {@code 0}.
 *
 * <p>The grammar is that of Go's {@code time.ParseDuration} with a unit more: an optional sign,
 * then one or more decimal numbers, each with an optional fraction and one of {@code ns us µs ms s
 * m h d}; a day is 24 hours. {@code 0} needs no unit. The range is that of a signed 64-bit count of
 * nanoseconds; a fraction of a nanosecond is dropped.
 *
 * <p>Stateless; safe for concurrent use.
 */
public final class DurationCodec {

  private static final int TEXT_CHARS_MAX = 64;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private DurationCodec() {}

  /**
   * Reads a duration; it may be negative.
   *
   * @throws IllegalArgumentException {@code invalid duration '<text>'}, if the text is not of the
   *     grammar, is longer than any sensible duration, or is out of range
   */
  public static Duration decode(String text) {
    int end = text.length();
    boolean signed = end > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+');
    boolean negative = signed && text.charAt(0) == '-';
    int at = signed ? 1 : 0;
    if (at == end || end > TEXT_CHARS_MAX) {
      throw invalid(text);
    }
    if (end - at == 1 && text.charAt(at) == '0') {
      return Duration.ZERO;
    }
    try {
      // Summed below zero, where the range is larger by one.
      long sum = 0;
      while (at < end) {
        int unitAt = numberEnd(text, at);
        int next = unitEnd(text, unitAt);
        sum = Math.addExact(sum, negativeNanos(text, at, unitAt, next));
        at = next;
      }
      return Duration.ofNanos(negative ? sum : Math.negateExact(sum));
    } catch (ArithmeticException e) {
      throw invalid(text);
    }
  }

  /**
   * Writes a duration in its short form, without parts that are zero: {@code 1h30m}, {@code 1.5s},
   * {@code 300ms}, {@code 0s}. Days are written as hours, so that Go programs can read the text.
   *
   * @throws IllegalArgumentException if the duration does not fit 64 bits of nanoseconds
   */
  public static String encode(Duration duration) {
    long nanos;
    try {
      nanos = duration.toNanos();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("duration out of range: " + duration, e);
    }
    if (nanos == 0) {
      return "0s";
    }
    StringBuilder out = new StringBuilder(nanos < 0 ? "-" : "");
    // As an unsigned number, for the one duration that has no positive counterpart.
    long magnitude = Math.abs(nanos);
    long seconds = Long.divideUnsigned(magnitude, NANOS_PER_SECOND);
    long rest = Long.remainderUnsigned(magnitude, NANOS_PER_SECOND);
    if (seconds == 0) {
      appendShort(rest, out);
      return out.toString();
    }
    if (seconds >= 3600) {
      out.append(seconds / 3600).append('h');
    }
    if (seconds % 3600 >= 60) {
      out.append(seconds % 3600 / 60).append('m');
    }
    if (seconds % 60 != 0 || rest != 0) {
      appendDecimal(seconds % 60, rest, NANOS_PER_SECOND, out);
      out.append('s');
    }
    return out.toString();
  }

  private static void appendShort(long nanos, StringBuilder out) {
    if (nanos >= 1_000_000) {
      appendDecimal(nanos / 1_000_000, nanos % 1_000_000, 1_000_000, out);
      out.append("ms");
    } else if (nanos >= 1_000) {
      appendDecimal(nanos / 1_000, nanos % 1_000, 1_000, out);
      out.append("us");
    } else {
      out.append(nanos).append("ns");
    }
  }

  /** A number and the fraction {@code rest / unit}, without zeros at the end. */
  private static void appendDecimal(long whole, long rest, long unit, StringBuilder out) {
    out.append(whole);
    if (rest == 0) {
      return;
    }
    out.append('.');
    long left = rest;
    for (long place = unit / 10; left != 0; place /= 10) {
      out.append((char) ('0' + left / place));
      left %= place;
    }
  }

  private static int numberEnd(String text, int start) {
    int at = start;
    int digits = 0;
    boolean point = false;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      throw invalid(text);
    }
    return at;
  }

  private static int unitEnd(String text, int start) {
    int at = start;
    while (at < text.length()
        && text.charAt(at) != '.'
        && (text.charAt(at) < '0' || text.charAt(at) > '9')) {
      at++;
    }
    return at;
  }

  private static long negativeNanos(String text, int numberAt, int unitAt, int end) {
    long unit =
        switch (text.substring(unitAt, end)) {
          case "ns" -> 1L;
          case "us", "\u00b5s", "\u03bcs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> NANOS_PER_SECOND;
          case "m" -> 60 * NANOS_PER_SECOND;
          case "h" -> 3600 * NANOS_PER_SECOND;
          case "d" -> 24 * 3600 * NANOS_PER_SECOND;
          default -> throw invalid(text);
        };
    String number = text.substring(numberAt, unitAt);
    if (number.indexOf('.') < 0) {
      return Math.multiplyExact(negative(text, number), unit);
    }
    return new BigDecimal(number)
        .multiply(BigDecimal.valueOf(unit))
        .setScale(0, RoundingMode.DOWN)
        .negate()
        .longValueExact();
  }

  private static long negative(String text, String digits) {
    try {
      return Long.parseLong("-" + digits);
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  private static IllegalArgumentException invalid(String text) {
    String shown = text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) + "…" : text;
    return new IllegalArgumentException("invalid duration '" + shown + "'");
  }
}
