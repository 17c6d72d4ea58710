package dev.mayfly.cli;

/** Whole numbers among the arguments. Stateless. */
final class Numbers {
  private Numbers() {}

  /** Reads one that is 0 or more. */
  static long count(String what, String text) {
    long number = read(what, text, "0 or more");
    if (number < 0) {
      throw new UsageException("invalid " + what + " '" + text + "': expected 0 or more");
    }
    return number;
  }

  /** Reads one. */
  static long any(String what, String text) {
    return read(what, text, "a whole number");
  }

  private static long read(String what, String text, String expected) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new UsageException("invalid " + what + " '" + text + "': expected " + expected, e);
    }
  }
}
