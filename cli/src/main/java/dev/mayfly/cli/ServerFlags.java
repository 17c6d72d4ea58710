package dev.mayfly.cli;

import dev.mayfly.server.ConfigFlag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's options as flags: the schema is the server's, which also explains what is wrong.
 *
 * <p>Stateless.
 */
final class ServerFlags {
  private ServerFlags() {}

  /** What the help of a command with the server's flags lists. */
  static Syntax syntax() {
    List<Option> options = new ArrayList<>();
    for (ConfigFlag flag : ConfigFlag.all()) {
      String fallback = flag.fallback().isEmpty() ? "" : " Default: " + flag.fallback() + ".";
      options.add(
          new Option(
              flag.names(),
              flag.isSwitch() ? null : flag.label().toUpperCase(Locale.ROOT),
              flag.doc() + fallback));
    }
    options.add(Syntax.HELP);
    return new Syntax(options, List.of());
  }

  /**
   * Pairs flags with their values; {@code --name=value} and {@code --name value} alike.
   *
   * <p>An unknown flag is passed on, so that the server can name the nearest.
   */
  static Map<String, String> read(List<String> words) {
    Map<String, ConfigFlag> known = known();
    Map<String, String> flags = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("--") || word.equals("--")) {
        throw new UsageException("unexpected '" + word + "': expected --option value");
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      @Nullable ConfigFlag flag = known.get(name);
      @Nullable String next = i + 1 < words.size() ? words.get(i + 1) : null;
      String value;
      if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (flag == null ? next == null || next.startsWith("--") : flag.isSwitch()) {
        boolean spelled = flag != null && ("true".equals(next) || "false".equals(next));
        value = spelled && next != null ? next : "true";
        i += spelled ? 1 : 0;
      } else if (next == null) {
        throw new UsageException("option '" + name + "' has no value");
      } else {
        value = next;
        i++;
      }
      if (flags.putIfAbsent(name, value) != null) {
        throw new UsageException("option '" + name + "' is given twice");
      }
    }
    return flags;
  }

  private static Map<String, ConfigFlag> known() {
    Map<String, ConfigFlag> known = new LinkedHashMap<>();
    for (ConfigFlag flag : ConfigFlag.all()) {
      flag.names().forEach(name -> known.put(name, flag));
    }
    return known;
  }
}
