package dev.mayfly.http;

import dev.mayfly.store.DurationCodec;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.MayflyException;
import org.jspecify.annotations.Nullable;

/** The forms that parameters of {@code /v1} have, in queries and batches alike. Stateless. */
final class Parameters {
  private Parameters() {}

  /** A lifespan's length; unstated when absent. */
  static Lifespan lifespan(@Nullable String text) {
    return text == null
        ? Lifespan.UNSTATED
        : Lifespan.ofMillis(millis("lifespan", text, ErrorCode.LIFESPAN_INVALID));
  }

  /** How long a key is to be locked; 0 when absent. */
  static long lockMillis(String name, @Nullable String text) {
    if (text == null) {
      return 0;
    }
    long millis = millis(name, text, ErrorCode.LOCK_DURATION_INVALID);
    if (millis <= 0) {
      throw new MayflyException(
          ErrorCode.LOCK_DURATION_INVALID, "%s '%s': expected above 0".formatted(name, text));
    }
    return millis;
  }

  /** How long to wait; 0, not at all, when absent. */
  static long waitMillis(@Nullable String text) {
    return text == null ? 0 : millis("wait", text, ErrorCode.ARGUMENT_INVALID);
  }

  private static long millis(String name, String text, ErrorCode code) {
    try {
      return DurationCodec.decode(text).toMillis();
    } catch (IllegalArgumentException e) {
      throw new MayflyException(
          code, "%s: %s, expected one such as 300ms or 1h30m".formatted(name, e.getMessage()), e);
    }
  }

  /** A whole number. */
  static long number(Exchange exchange, String name, long absent) {
    String text = exchange.query().text(name);
    if (text == null) {
      return absent;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "%s '%s': expected a whole number".formatted(name, text), e);
    }
  }

  /** A whole number, 0 or more. */
  static long count(Exchange exchange, String name) {
    long number = number(exchange, name, 0);
    if (number < 0) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "%s %d: expected at least 0".formatted(name, number));
    }
    return number;
  }

  /** True or false; false when absent. */
  static boolean flag(Exchange exchange, String name) {
    String text = exchange.query().text(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw new MayflyException(
        ErrorCode.ARGUMENT_INVALID, "%s '%s': expected true or false".formatted(name, text));
  }
}
