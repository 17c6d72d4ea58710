package dev.mayfly.store;

/**
 * The one place where the store learns the time.
 *
 * <p>Safe for concurrent use. Neither method ever goes back, whatever the system's clock does.
 */
public interface TimeSource {
  /** Milliseconds since the epoch; at least every value returned before, on any thread. */
  long millis();

  /** Nanoseconds since some fixed moment, for measuring spans only. */
  long nanos();
}
