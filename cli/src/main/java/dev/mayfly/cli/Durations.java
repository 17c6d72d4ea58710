package dev.mayfly.cli;

import dev.mayfly.store.DurationCodec;
import java.time.Duration;

/** Durations among the arguments. Stateless. */
final class Durations {
  private Durations() {}

  /** Reads one that is longer than nothing. */
  static Duration positive(String what, String text) {
    Duration duration;
    try {
      duration = DurationCodec.decode(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "invalid duration '" + text + "' for the " + what + ": expected one like 300ms or 1h30m",
          e);
    }
    if (duration.isZero() || duration.isNegative()) {
      throw new UsageException(
          "invalid duration '" + text + "' for the " + what + ": expected more than 0");
    }
    return duration;
  }
}
