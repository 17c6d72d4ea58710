package dev.mayfly.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The text of a duration in a request. Stateless. */
final class DurationText {
  private DurationText() {}

  /** In milliseconds where that is exact, else in nanoseconds; null stays null. */
  static @Nullable String of(@Nullable Duration duration) {
    if (duration == null) {
      return null;
    }
    return duration.toNanosPart() % 1_000_000 == 0
        ? duration.toMillis() + "ms"
        : duration.toNanos() + "ns";
  }
}
