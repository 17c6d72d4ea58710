package dev.mayfly.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a fake server does with a batch of sets whose keys and values need no escapes. */
final class BatchAnswer {
  private static final Pattern SET =
      Pattern.compile(
          "\\{\"set\":\\{\"key(?:_base64)?\":\"([^\"]*)\","
              + "\"value(?:_base64)?\":\"([^\"]*)\"[^}]*}}");

  private BatchAnswer() {}

  static String to(String body, Map<String, byte[]> values, Map<String, String> locks) {
    StringJoiner results = new StringJoiner(",", "{\"results\":[", "]}");
    for (MatchResult set : SET.matcher(body).results().toList()) {
      if (locks.containsKey(set.group(1))) {
        results.add("{\"error\":{\"status\":423,\"code\":\"locked\",\"detail\":\"is locked\"}}");
      } else {
        values.put(set.group(1), set.group(2).getBytes(UTF_8));
        results.add("{\"success\":true}");
      }
    }
    return results.toString();
  }
}
