package dev.mayfly.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The options' values, each of its option's type.
 *
 * <p>A setting that cannot be read is told to {@code problems}, and its option has the default.
 */
final class Values {
  private final Map<Option<?>, Object> values = new HashMap<>();
  private final Map<Option<?>, Setting> settings = new HashMap<>();
  private final Surroundings surroundings;
  private final List<String> problems;

  Values(List<Setting> settings, Surroundings surroundings, List<String> problems) {
    this.surroundings = surroundings;
    this.problems = problems;
    for (Setting setting : settings) {
      this.settings.put(setting.option(), setting);
      values.put(setting.option(), decoded(setting.option(), setting));
    }
  }

  @SuppressWarnings("unchecked") // Decoded by the option's own type.
  <T> T get(Option<T> option) {
    Object value = values.get(option);
    if (value == null) {
      throw new IllegalArgumentException("no setting for option '" + option.name() + "'");
    }
    return (T) value;
  }

  /** Where the option's value was written. */
  String source(Option<?> option) {
    Setting setting = settings.get(option);
    return setting == null ? Setting.DEFAULT : setting.source();
  }

  private <T> Object decoded(Option<T> option, Setting setting) {
    OptionType<T> type = option.type();
    T fallback = type.decoder().apply(option.fallback().text().apply(surroundings));
    try {
      T value = type.decoder().apply(setting.text().strip());
      boolean zero = option.is(Option.Trait.ZERO_IS_DEFAULT) && isZero(type.encoder().apply(value));
      return zero ? fallback : value;
    } catch (IllegalArgumentException e) {
      problems.add(
          "option '%s': '%s' is wrong: expected %s (%s)"
              .formatted(option.name(), setting.shown(), type.expected(), setting.source()));
      return fallback;
    }
  }

  private static boolean isZero(String text) {
    return text.equals("0") || text.equals("0s");
  }
}
