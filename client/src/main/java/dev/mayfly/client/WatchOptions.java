package dev.mayfly.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events to watch; every part that is given must accept one.
 *
 * <p>Immutable; safe for concurrent use.
 *
 * @param keys these keys; empty for any
 * @param prefix that a key begins with; null for any
 * @param pattern a regular expression (RE2) that is found in a key; null for any
 * @param kinds such as {@code created}; empty for every change, but not {@code accessed}
 * @param clients who did it; empty for anyone
 * @param values whether events carry values
 * @param current whether the keys that exist are told first
 * @param after the id of the last event of an earlier watch; null to begin now
 * @param slow what happens when this client does not keep up: {@code notice}, {@code disconnect} or
 *     {@code coalesce}; null for {@code notice}
 */
public record WatchOptions(
    List<String> keys,
    @Nullable String prefix,
    @Nullable String pattern,
    List<String> kinds,
    List<String> clients,
    boolean values,
    boolean current,
    @Nullable String after,
    @Nullable String slow) {
  /** Every change from now on. */
  public static final WatchOptions ALL =
      new WatchOptions(List.of(), null, null, List.of(), List.of(), false, false, null, null);

  /** Copies the lists. */
  public WatchOptions {
    keys = List.copyOf(keys);
    kinds = List.copyOf(kinds);
    clients = List.copyOf(clients);
  }

  HttpRequest request() {
    HttpRequest request = new HttpRequest("GET", "/v1/events");
    keys.forEach(key -> request.query("key", key));
    kinds.forEach(kind -> request.query("kind", kind));
    clients.forEach(client -> request.query("client", client));
    return request
        .query("prefix", prefix)
        .query("pattern", pattern)
        .query("values", values ? "true" : null)
        .query("current", current ? "true" : null)
        .query("slow", slow)
        .field("Last-Event-ID", after);
  }
}
