package dev.mayfly.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads arguments that are written in the plain way: {@code --name value}, {@code --name=value},
 * {@code -n value}, flags one by one, {@code --} before parameters that begin with a hyphen.
 *
 * <p>Whatever it does not read is left to {@link FullParser}, which knows more ways and explains
 * errors, but takes longer to start than everything else in the program.
 *
 * <p>Stateless.
 */
final class PlainParser {
  private PlainParser() {}

  /** The arguments, or null if they are not plain, ask for help, or do not fit the syntax. */
  static @Nullable Arguments parse(Syntax syntax, List<String> words) {
    Map<String, String> options = new HashMap<>();
    List<String> parameters = new ArrayList<>();
    boolean literal = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (literal || !isOption(word)) {
        parameters.add(word);
      } else if (word.equals("--")) {
        literal = true;
      } else {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        Option option = find(syntax, equals < 0 ? word : word.substring(0, equals));
        if (option == null || option.equals(Syntax.HELP) || options.containsKey(option.key())) {
          return null;
        }
        String value = equals < 0 ? "" : word.substring(equals + 1);
        if (option.label() == null ? equals >= 0 : equals < 0 && ++i == words.size()) {
          return null;
        }
        options.put(option.key(), option.label() != null && equals < 0 ? words.get(i) : value);
      }
    }
    boolean fits =
        parameters.size() >= syntax.parametersMin() && parameters.size() <= syntax.parametersMax();
    return fits ? new Arguments(options, parameters) : null;
  }

  /** A hyphen alone and a negative number are no options. */
  private static boolean isOption(String word) {
    return word.length() > 1
        && word.charAt(0) == '-'
        && !(word.charAt(1) >= '0' && word.charAt(1) <= '9');
  }

  private static @Nullable Option find(Syntax syntax, String name) {
    for (Option option : syntax.options()) {
      if (option.names().contains(name)) {
        return option;
      }
    }
    return null;
  }
}
