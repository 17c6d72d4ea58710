package dev.mayfly.server;

import java.util.ArrayList;
import java.util.List;

/**
 * An option as a flag on the command line.
 *
 * @param names with their hyphens, the shortest first
 * @param isSwitch whether it may stand without a value, which then is {@code true}
 * @param label what stands for its value in a usage line
 * @param doc what it does
 * @param fallback the default, as it is shown to people
 */
public record ConfigFlag(
    List<String> names, boolean isSwitch, String label, String doc, String fallback) {

  public ConfigFlag {
    names = List.copyOf(names);
  }

  /** One for each option. */
  public static List<ConfigFlag> all() {
    List<ConfigFlag> flags = new ArrayList<>();
    for (Option<?> option : Options.all()) {
      List<String> names = new ArrayList<>();
      if (!option.alias().isEmpty()) {
        names.add(Option.flag(option.alias()));
      }
      names.add(option.flag());
      flags.add(
          new ConfigFlag(
              names,
              option.is(Option.Trait.SWITCH),
              option.type().name(),
              option.doc(),
              option.fallback().shown()));
    }
    return flags;
  }
}
