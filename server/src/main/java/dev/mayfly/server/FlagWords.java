package dev.mayfly.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The words of a command line as flags: {@code --name value}, {@code --name=value}, and {@code
 * --name} alone for a switch. Where a flag is repeated the last one counts.
 */
public final class FlagWords {
  private FlagWords() {}

  /**
   * Reads the words.
   *
   * @return what {@link ConfigLoader#load} takes; unknown flags are left for it to refuse
   * @throws ConfigException if a word is no flag, or a flag lacks its value
   */
  public static Map<String, String> parse(List<String> words) {
    OptionNames names = OptionNames.ofFlags();
    Map<String, String> flags = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      String flag = equals < 0 ? word : word.substring(0, equals);
      if (!word.startsWith("--") || flag.length() == 2) {
        problems.add("'%s' is no option: expected --name value".formatted(word));
        continue;
      }
      boolean known = names.find(flag).isPresent();
      boolean toggles = names.find(flag).filter(o -> o.is(Option.Trait.SWITCH)).isPresent();
      if (equals >= 0) {
        flags.put(flag, word.substring(equals + 1));
      } else if (toggles) {
        flags.put(flag, "true");
      } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("--")) {
        i++;
        flags.put(flag, words.get(i));
      } else if (known) {
        problems.add("option '%s' needs a value".formatted(flag));
      } else {
        flags.put(flag, "true");
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return flags;
  }
}
