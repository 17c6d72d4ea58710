package dev.mayfly.balancer;

import java.time.Duration;

/** Durations as timers take them: at least one millisecond, at most 24 days. Stateless. */
final class Millis {
  private Millis() {}

  static int of(Duration duration) {
    return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
  }
}
