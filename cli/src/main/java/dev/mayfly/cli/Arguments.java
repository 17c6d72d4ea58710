package dev.mayfly.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was written behind a command's name, checked against its syntax.
 *
 * <p>Immutable.
 *
 * @param options by the key of the option; a flag that is set has an empty value
 */
record Arguments(Map<String, String> options, List<String> parameters) {
  boolean has(Option option) {
    return options.containsKey(option.key());
  }

  @Nullable String value(Option option) {
    return options.get(option.key());
  }

  /** A parameter, which the syntax says is there. */
  String parameter(int index) {
    return parameters.get(index);
  }

  /** A parameter that need not be there; null if it is not. */
  @Nullable String parameterOrNull(int index) {
    return index < parameters.size() ? parameters.get(index) : null;
  }
}
