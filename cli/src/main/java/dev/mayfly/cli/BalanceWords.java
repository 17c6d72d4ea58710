package dev.mayfly.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The words behind {@code balance}: options that may be repeated, and take several values behind
 * them. Immutable.
 */
record BalanceWords(Map<String, List<String>> values) {
  /**
   * Reads them.
   *
   * @throws UsageException if they make no sense
   */
  static BalanceWords parse(List<String> words) {
    Map<String, List<String>> values = new HashMap<>();
    int at = 0;
    while (at < words.size()) {
      String word = words.get(at++);
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      Option option = find(equals < 0 ? word : word.substring(0, equals));
      List<String> of = values.computeIfAbsent(option.key(), key -> new ArrayList<>());
      if (equals >= 0) {
        if (option.label() == null) {
          throw new UsageException("'" + word + "': " + option.key() + " takes no value");
        }
        of.add(word.substring(equals + 1));
        continue;
      }
      boolean several = option.equals(BalanceOptions.BACKEND);
      int before = of.size();
      while (option.label() != null
          && at < words.size()
          && !words.get(at).startsWith("--")
          && (several || of.size() == before)) {
        of.add(words.get(at++));
      }
      requireValues(option, of, before);
    }
    values.forEach(BalanceWords::requireOnce);
    return new BalanceWords(values);
  }

  private static void requireValues(Option option, List<String> values, int before) {
    boolean optional = option.equals(BalanceOptions.DOCKER);
    if (option.label() != null && values.size() == before && !optional) {
      throw new UsageException(option.key() + ": expected " + option.label());
    }
  }

  private static void requireOnce(String key, List<String> values) {
    if (values.size() > 1 && !key.equals(BalanceOptions.BACKEND.key())) {
      throw new UsageException(key + " is given more than once");
    }
  }

  private static Option find(String name) {
    for (Option option : BalanceOptions.ALL) {
      if (option.names().contains(name)) {
        return option;
      }
    }
    throw new UsageException("unknown option '" + name + "' (see 'mayfly balance --help')");
  }

  boolean has(Option option) {
    return values.containsKey(option.key());
  }

  List<String> all(Option option) {
    return values.getOrDefault(option.key(), List.of());
  }

  @Nullable String value(Option option) {
    List<String> of = all(option);
    return of.isEmpty() ? null : of.getFirst();
  }
}
