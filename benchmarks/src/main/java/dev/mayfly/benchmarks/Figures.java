package dev.mayfly.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of several rounds, by name. Confined to one thread. */
final class Figures {
  private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

  void add(Map<String, Double> round) {
    round.forEach((name, value) -> rounds.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
  }

  double median(String name) {
    return median(values(name));
  }

  double sum(String name) {
    return values(name).stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The median of the rounds' ratios of one figure to another. */
  double ratio(String name, Figures other, String otherName) {
    List<Double> dividends = values(name);
    List<Double> divisors = other.values(otherName);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < dividends.size(); i++) {
      ratios.add(dividends.get(i) / divisors.get(i));
    }
    return median(ratios);
  }

  /** Prints a line with the median of one figure. */
  void print(String format, String name) {
    System.out.printf(Locale.ROOT, format, median(name));
  }

  private List<Double> values(String name) {
    List<Double> values = rounds.get(name);
    if (values == null) {
      throw new IllegalStateException("no figure '" + name + "' among " + rounds.keySet());
    }
    return values;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
