package dev.mayfly.cli;

import dev.mayfly.server.ConfigFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The server's options as flags, from the server's own schema, for the help. Stateless. */
final class ServerFlags {
  private ServerFlags() {}

  /** What the help of a command with the server's flags lists. */
  static Syntax syntax() {
    List<Option> options = new ArrayList<>();
    for (ConfigFlag flag : ConfigFlag.all()) {
      String fallback = flag.fallback().isEmpty() ? "" : " Default: " + flag.fallback() + ".";
      options.add(
          new Option(
              flag.names(), flag.isSwitch() ? null : label(flag.label()), flag.doc() + fallback));
    }
    options.add(Syntax.HELP);
    return new Syntax(options, List.of());
  }

  private static String label(String type) {
    String choice = "one of ";
    return type.startsWith(choice)
        ? type.substring(choice.length()).replace(", ", "|")
        : type.toUpperCase(Locale.ROOT);
  }
}
