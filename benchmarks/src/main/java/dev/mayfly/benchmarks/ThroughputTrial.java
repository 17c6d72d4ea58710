package dev.mayfly.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Operations a second and processor time per operation, of one subject in a JVM of its own: fill,
 * replace each key twice at random, then for each kind of load a warm-up and a measurement.
 */
final class ThroughputTrial {
  private static final int THREADS = 2;
  private static final int MIX = 90;
  private static final int GETS = 100;

  private ThroughputTrial() {}

  /** The figures by name: millions of operations a second, and processor nanoseconds. */
  static Map<String, Double> run(String name, int entries, long bytesMax, long millis) {
    Map<String, Double> figures = new LinkedHashMap<>();
    try (Subject subject = Subject.of(name, bytesMax, entries)) {
      Load two = new Load(subject, entries, THREADS);
      two.fill();
      two.churn(2L * entries);
      measure(figures, "mix", two, MIX, millis);
      measure(figures, "set", two, 0, millis);
      measure(figures, "get", two, GETS, millis);
      Load one = new Load(subject, entries, 1);
      measure(figures, "get1", one, GETS, millis);
      measure(figures, "set1", one, 0, millis);
    }
    return figures;
  }

  private static void measure(
      Map<String, Double> figures, String kind, Load load, int getPercent, long millis) {
    load.mix(getPercent, millis);
    Load.Result result = load.mix(getPercent, millis);
    figures.put(kind, result.millionsPerSecond());
    figures.put(kind + ".cpu", result.cpuNanosPerOperation());
  }
}
