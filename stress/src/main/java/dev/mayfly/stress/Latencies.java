package dev.mayfly.stress;

import org.HdrHistogram.Histogram;

/**
 * How long operations took, to three digits. Immutable, and safe for concurrent use, once it was
 * handed out.
 */
public final class Latencies {
  private final Histogram histogram;

  Latencies(Histogram histogram) {
    this.histogram = histogram;
  }

  /** How many operations. */
  public long count() {
    return histogram.getTotalCount();
  }

  /** The arithmetic mean, nanoseconds; 0 without operations. */
  public double meanNanos() {
    return count() == 0 ? 0 : histogram.getMean();
  }

  /** The least, nanoseconds; 0 without operations. */
  public long minNanos() {
    return count() == 0 ? 0 : histogram.getMinValue();
  }

  /** The most, nanoseconds; 0 without operations. */
  public long maxNanos() {
    return histogram.getMaxValue();
  }

  /** What so many of a hundred operations took at most, nanoseconds; 0 without operations. */
  public long percentileNanos(double percentile) {
    return count() == 0 ? 0 : histogram.getValueAtPercentile(percentile);
  }
}
