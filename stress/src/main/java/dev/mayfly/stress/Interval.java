package dev.mayfly.stress;

/**
 * What a part of a run came to. Immutable.
 *
 * @param startSeconds since the end of the warm-up
 * @param seconds how long it was
 * @param operations answered within it
 * @param errors failed within it
 */
public record Interval(
    double startSeconds,
    double seconds,
    long operations,
    long errors,
    long p50Nanos,
    long p99Nanos,
    long maxNanos) {
  /** Answers a second. */
  public double rate() {
    return operations / seconds;
  }
}
