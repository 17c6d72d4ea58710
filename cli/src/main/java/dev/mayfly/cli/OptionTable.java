package dev.mayfly.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The options of one command, in the order in which they are declared, which is that of its help.
 *
 * <p>Filled by the class that declares them, while it is initialised; not for concurrent use.
 */
final class OptionTable {
  private final List<Option> options = new ArrayList<>();

  Option add(Option option) {
    options.add(option);
    return option;
  }

  Option value(String name, String label, String doc) {
    return add(Option.value(name, label, doc));
  }

  Option flag(String name, String doc) {
    return add(Option.flag(name, doc));
  }

  /** All of them, and behind them those that the command shares with others. */
  List<Option> and(Option... shared) {
    List<Option> all = new ArrayList<>(options);
    all.addAll(List.of(shared));
    return List.copyOf(all);
  }
}
