package dev.mayfly.server;

import java.util.ArrayList;
import java.util.List;

/**
 * Shows a configuration to people: a line for each option, {@code name: value # source}, secrets
 * masked. The text is itself a configuration file.
 */
public final class ConfigReport {
  private static final int SOURCE_COLUMN = 48;

  private ConfigReport() {}

  /** Every option. */
  public static String render(LoadedConfig loaded) {
    StringBuilder out = new StringBuilder();
    loaded.settings().forEach(setting -> out.append(line(setting)).append('\n'));
    return out.toString();
  }

  /** Only the options that a source sets, one line each. */
  static List<String> changes(LoadedConfig loaded) {
    List<String> lines = new ArrayList<>();
    for (Setting setting : loaded.settings()) {
      if (!setting.isDefault()) {
        lines.add(line(setting));
      }
    }
    return lines;
  }

  private static String line(Setting setting) {
    String head =
        (setting.option().is(Option.Trait.NOT_IN_FILE) ? "# " : "")
            + setting.option().name()
            + ": "
            + quoted(setting.shown());
    return head + " ".repeat(Math.max(1, SOURCE_COLUMN - head.length())) + "# " + setting.source();
  }

  /** A YAML scalar; anything that could be read as more than itself gets quotes. */
  private static String quoted(String text) {
    boolean plain =
        !text.isEmpty()
            && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "./_-@".indexOf(c) >= 0);
    if (plain && Character.isLetterOrDigit(text.charAt(0))) {
      return text;
    }
    return "'" + text.replace("'", "''").replace("${", "$${") + "'";
  }
}
