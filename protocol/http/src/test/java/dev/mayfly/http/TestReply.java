package dev.mayfly.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reply as it came over the wire.
 *
 * @param fields of head and trailer, names in lower case
 */
record TestReply(int status, Map<String, String> fields, byte[] body) {
  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Nullable String field(String name) {
    return fields.get(name);
  }

  /** Status and body in one, for short assertions. */
  String line() {
    return status + " " + text();
  }
}
