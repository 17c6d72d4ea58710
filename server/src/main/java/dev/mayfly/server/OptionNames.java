package dev.mayfly.server;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The names that options have in one kind of source, and the nearest one to a name that is none.
 *
 * <p>Immutable.
 */
final class OptionNames {
  private final Map<String, Option<?>> options = new HashMap<>();

  private OptionNames(UnaryOperator<String> form) {
    for (Option<?> option : Options.all()) {
      options.put(form.apply(option.name()), option);
      if (!option.alias().isEmpty()) {
        options.put(form.apply(option.alias()), option);
      }
    }
  }

  static OptionNames ofFile() {
    return new OptionNames(UnaryOperator.identity());
  }

  static OptionNames ofEnvironment() {
    return new OptionNames(Option::variable);
  }

  static OptionNames ofFlags() {
    return new OptionNames(Option::flag);
  }

  Optional<Option<?>> find(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** {@code unknown option 'x': did you mean 'y'?}, without the question if nothing is near. */
  String unknown(String name) {
    String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    int reach = Math.max(2, shown.length() / 3);
    String nearest = "";
    int least = reach + 1;
    for (String candidate : options.keySet()) {
      int distance = distance(folded(shown), folded(candidate));
      boolean first = distance == least && candidate.compareTo(nearest) < 0;
      if (distance < least || (first && least <= reach)) {
        least = distance;
        nearest = candidate;
      }
    }
    return "unknown option '"
        + shown
        + "'"
        + (nearest.isEmpty() ? "" : ": did you mean '" + nearest + "'?");
  }

  /** Case and punctuation count for nothing: {@code maxKeys} is right beside {@code max-keys}. */
  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
  }

  /** The number of letters to insert, remove, replace or swap with their neighbour. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
