package dev.mayfly.stress;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A run as it goes: what was recorded since the last look is added to the sums, and is a point of
 * the plots. When there are too many points, each two become one. Safe for concurrent use.
 */
final class Timeline {
  /** How often to look. */
  static final long STEP_NANOS = 100_000_000;

  private static final int POINTS_MAX = 240;
  private static final int DIGITS = 3;
  private static final int POINT_DIGITS = 2;
  private static final double NANOS = 1e9;

  /** A part of the run; its times are kept whole, so that two of them add up. */
  private record Point(long startNanos, long endNanos, long errors, Histogram times) {
    Point and(Point later) {
      Histogram sum = times.copy();
      sum.add(later.times);
      return new Point(startNanos, later.endNanos, errors + later.errors, sum);
    }
  }

  private final Tally tally;
  private final long startNanos;
  private final Histogram reads = new Histogram(DIGITS);
  private final Histogram writes = new Histogram(DIGITS);
  private final Histogram lateness = new Histogram(DIGITS);
  private List<Point> points = new ArrayList<>();
  private @Nullable Point growing;
  private long pointNanos = STEP_NANOS;
  private long lastNanos;
  private long errorsSeen;

  Timeline(Tally tally, long startNanos) {
    this.tally = tally;
    this.startNanos = startNanos;
    lastNanos = startNanos;
  }

  /** Takes what was recorded since the last look. */
  synchronized void look(long nowNanos) {
    Histogram times = new Histogram(POINT_DIGITS);
    take(tally.reads(), reads, times);
    take(tally.writes(), writes, times);
    take(tally.lateness(), lateness, null);
    if (nowNanos <= lastNanos) {
      return;
    }
    long errors = tally.errorCount();
    Point seen = new Point(lastNanos, nowNanos, errors - errorsSeen, times);
    lastNanos = nowNanos;
    errorsSeen = errors;
    growing = growing == null ? seen : growing.and(seen);
    // A little short is long enough: a look is never quite on time.
    if (growing.endNanos() - growing.startNanos() >= pointNanos - STEP_NANOS / 2) {
      points.add(growing);
      growing = null;
      if (points.size() >= POINTS_MAX) {
        halve();
      }
    }
  }

  private void take(Recorder recorder, Histogram sum, @Nullable Histogram alike) {
    Histogram taken = recorder.getIntervalHistogram();
    sum.add(taken);
    if (alike != null) {
      alike.add(taken);
    }
  }

  private void halve() {
    List<Point> halved = new ArrayList<>();
    for (int i = 0; i + 1 < points.size(); i += 2) {
      halved.add(points.get(i).and(points.get(i + 1)));
    }
    points = halved;
    pointNanos *= 2;
  }

  /** The points so far; the last may be shorter. */
  synchronized List<Interval> intervals() {
    List<Point> all = new ArrayList<>(points);
    if (growing != null) {
      all.add(growing);
    }
    return all.stream().map(this::interval).toList();
  }

  /** The last whole point; null before there is one. */
  synchronized @Nullable Interval last() {
    return points.isEmpty() ? null : interval(points.getLast());
  }

  private Interval interval(Point point) {
    Latencies times = new Latencies(point.times());
    return new Interval(
        (point.startNanos() - startNanos) / NANOS,
        (point.endNanos() - point.startNanos()) / NANOS,
        times.count(),
        point.errors(),
        times.percentileNanos(50),
        times.percentileNanos(99),
        times.maxNanos());
  }

  synchronized Latencies reads() {
    return new Latencies(reads.copy());
  }

  synchronized Latencies writes() {
    return new Latencies(writes.copy());
  }

  synchronized Latencies all() {
    Histogram sum = reads.copy();
    sum.add(writes);
    return new Latencies(sum);
  }

  synchronized Latencies lateness() {
    return new Latencies(lateness.copy());
  }
}
