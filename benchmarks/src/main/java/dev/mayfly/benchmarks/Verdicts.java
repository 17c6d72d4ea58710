package dev.mayfly.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Figures with their budgets, a line each, and whether they keep to them. Confined to one thread.
 */
final class Verdicts {
  private final List<String> lines = new ArrayList<>();

  /** A figure that must not be above its budget. */
  void atMost(String what, double figure, String peer, double budget) {
    add(what, figure, peer, budget, figure <= budget);
  }

  /** A figure that must not be below its budget. */
  void atLeast(String what, double figure, String peer, double budget) {
    add(what, figure, peer, budget, figure >= budget);
  }

  private void add(String what, double figure, String peer, double budget, boolean met) {
    lines.add(
        String.format(
            Locale.ROOT,
            "| %s | %.2f | %s | %.2f | %s |",
            what,
            figure,
            peer,
            budget,
            met ? "met" : "missed"));
  }

  void print() {
    System.out.println("\n| what | measured | peer | budget | |\n|---|---|---|---|---|");
    lines.forEach(System.out::println);
  }
}
