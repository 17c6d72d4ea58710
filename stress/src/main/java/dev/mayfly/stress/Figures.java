package dev.mayfly.stress;

import java.util.Locale;

/** Numbers for people, alike wherever they are read. Stateless. */
final class Figures {
  private static final double MICRO = 1e3;
  private static final double MILLI = 1e6;
  private static final double SECOND = 1e9;

  private Figures() {}

  /** With a fitting unit and three or four digits: {@code 84.3 µs}, {@code 1.59 ms}. */
  static String time(double nanos) {
    if (nanos < MILLI) {
      return digits(nanos / MICRO) + " µs";
    }
    return nanos < SECOND ? digits(nanos / MILLI) + " ms" : digits(nanos / SECOND) + " s";
  }

  /** The same of whole nanoseconds. */
  static String time(long nanos) {
    return time((double) nanos);
  }

  private static String digits(double value) {
    String form = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, form, value);
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String rate(double rate) {
    return String.format(Locale.ROOT, rate < 100 ? "%,.1f" : "%,.0f", rate);
  }

  static String share(long part, long whole) {
    return String.format(Locale.ROOT, "%.3g%%", whole == 0 ? 0.0 : 100.0 * part / whole);
  }

  static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
