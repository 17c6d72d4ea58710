package dev.mayfly.store;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work that has ended, as one part of what may go through several systems. Immutable, but for the
 * fields that it was asked with, which are read while it is told of.
 *
 * @param name of the kind of work, the same for every key: {@code GET /v1/keys/{key}}
 * @param nanos how long it took; it ended just now
 * @param attributes what is to be known of it; each a text or a {@code Long}
 * @param error what went wrong on our side; null if nothing did
 * @param fields the value of a header field of the request, or null, by its name in lower case;
 *     null where nobody asked for the work
 */
public record Span(
    String name,
    long nanos,
    Map<String, Object> attributes,
    @Nullable String error,
    @Nullable Function<String, @Nullable String> fields) {
  /** The attribute for the key that a request is about. */
  public static final String KEY = "key";

  /** The attribute for who asked. */
  public static final String CLIENT_ID = "client_id";

  /** Work of the server's own. */
  public static Span own(
      String name, long nanos, Map<String, Object> attributes, @Nullable String error) {
    return new Span(name, nanos, attributes, error, null);
  }
}
