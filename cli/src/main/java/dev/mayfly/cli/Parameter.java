package dev.mayfly.cli;

/**
 * An argument without a name.
 *
 * <p>Immutable.
 *
 * @param label what stands for it in a usage line
 * @param min how many there must be
 * @param max how many there may be: 1, or {@link Integer#MAX_VALUE} for any number
 * @param doc what it is, for the help
 */
record Parameter(String label, int min, int max, String doc) {
  Parameter {
    if (max != 1 && max != Integer.MAX_VALUE) {
      throw new IllegalArgumentException(label + ": expected one or any number, not " + max);
    }
  }

  static Parameter required(String label, String doc) {
    return new Parameter(label, 1, 1, doc);
  }

  static Parameter optional(String label, String doc) {
    return new Parameter(label, 0, 1, doc);
  }

  static Parameter any(String label, String doc) {
    return new Parameter(label, 0, Integer.MAX_VALUE, doc);
  }
}
