package dev.mayfly.balancer;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How long something took, counted by bounds. Safe for concurrent use. */
final class Latencies {
  /** In microseconds. */
  private static final List<Long> BOUNDS =
      List.of(
          100L,
          250L,
          500L,
          1000L,
          2500L,
          5000L,
          10_000L,
          25_000L,
          50_000L,
          100_000L,
          250_000L,
          500_000L,
          1_000_000L,
          2_500_000L);

  private final List<LongAdder> counts =
      Stream.generate(LongAdder::new).limit(BOUNDS.size() + 1L).toList();
  private final LongAdder sum = new LongAdder();

  void add(long nanos) {
    long micros = nanos / 1000;
    int at = 0;
    while (at < BOUNDS.size() && micros > BOUNDS.get(at)) {
      at++;
    }
    counts.get(at).increment();
    sum.add(nanos);
  }

  /** Writes it as an OpenMetrics histogram in seconds. */
  void write(String name, String labels, StringBuilder out) {
    long below = 0;
    for (int i = 0; i <= BOUNDS.size(); i++) {
      below += counts.get(i).sum();
      String bound = i < BOUNDS.size() ? Double.toString(BOUNDS.get(i) / 1e6) : "+Inf";
      out.append(name).append("_bucket{").append(labels);
      out.append(",le=\"").append(bound).append("\"} ").append(below).append('\n');
    }
    out.append(name).append("_count{").append(labels).append("} ").append(below).append('\n');
    out.append(name).append("_sum{").append(labels).append("} ");
    out.append(sum.sum() / 1e9).append('\n');
  }
}
