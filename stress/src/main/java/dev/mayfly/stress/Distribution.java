package dev.mayfly.stress;

import org.jspecify.annotations.Nullable;

/** Which keys operations are about. Immutable. */
public sealed interface Distribution {
  /** One key after the other, from the first on, over and over. */
  record Sequential() implements Distribution {
    @Override
    public String toString() {
      return "sequential";
    }
  }

  /** Each key as likely as any other. */
  record Uniform() implements Distribution {
    @Override
    public String toString() {
      return "uniform";
    }
  }

  /**
   * The key of rank r as likely as 1 / r to this power.
   *
   * @param exponent above 0, at most 10
   */
  record Zipf(double exponent) implements Distribution {
    @Override
    public String toString() {
      return "zipf:" + exponent;
    }
  }

  /**
   * One key in so many of a hundred operations, any key in the others.
   *
   * @param percent 0 to 100
   */
  record Hot(double percent) implements Distribution {
    @Override
    public String toString() {
      return "hot:" + percent;
    }
  }

  /** The exponent with which generators of such load are usually run. */
  double ZIPF_EXPONENT = 0.99;

  /** How hot a hot key is unless told otherwise. */
  double HOT_PERCENT = 90;

  /**
   * Reads {@code sequential}, {@code uniform}, {@code zipf}, {@code zipf:EXPONENT}, {@code hot} or
   * {@code hot:PERCENT}.
   *
   * @throws IllegalArgumentException with a message for the user, if it is none of them
   */
  static Distribution parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    if (colon < 0 && name.equals("sequential")) {
      return new Sequential();
    }
    if (colon < 0 && name.equals("uniform")) {
      return new Uniform();
    }
    if (name.equals("zipf")) {
      double exponent = colon < 0 ? ZIPF_EXPONENT : number(text, rest, 10);
      if (exponent > 0) {
        return new Zipf(exponent);
      }
    }
    if (name.equals("hot")) {
      return new Hot(colon < 0 ? HOT_PERCENT : number(text, rest, 100));
    }
    throw invalid(text, null);
  }

  private static double number(String text, String number, double max) {
    try {
      double value = Double.parseDouble(number);
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(text, e);
    }
    throw invalid(text, null);
  }

  private static IllegalArgumentException invalid(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "invalid distribution '"
            + text
            + "': expected sequential, uniform, zipf, zipf:EXPONENT (above 0, at most 10), hot or"
            + " hot:PERCENT",
        cause);
  }
}
