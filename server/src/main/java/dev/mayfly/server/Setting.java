package dev.mayfly.server;

/**
 * What one source says about an option.
 *
 * @param option which option
 * @param text the value as it was written
 * @param source where it was written: {@code flag --http}, {@code environment MAYFLY_HTTP}, {@code
 *     mayfly.yaml line 3}, {@code default}
 */
record Setting(Option<?> option, String text, String source) {
  static final String DEFAULT = "default";

  boolean isDefault() {
    return source.equals(DEFAULT);
  }

  /** The text, unless it is secret. */
  String shown() {
    return option.is(Option.Trait.SECRET) && !text.isEmpty() ? "********" : text;
  }
}
