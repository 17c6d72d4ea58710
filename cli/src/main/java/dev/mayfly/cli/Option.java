package dev.mayfly.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An option of a command.
 *
 * <p>Immutable.
 *
 * @param names with their hyphens, the shortest first; the last one is its key
 * @param label what stands for its value in a usage line; null if it takes none
 * @param doc what it does, for the help
 */
record Option(List<String> names, @Nullable String label, String doc) {
  static Option flag(String name, String doc) {
    return new Option(List.of(name), null, doc);
  }

  static Option value(String name, String label, String doc) {
    return new Option(List.of(name), label, doc);
  }

  String key() {
    return names.get(names.size() - 1);
  }
}
