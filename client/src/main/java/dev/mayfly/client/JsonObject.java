package dev.mayfly.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of JSON as the server sent it, fields that this client does not know included.
 *
 * <p>Values are {@link String}, {@link Long}, {@link java.math.BigInteger}, {@link Double}, {@link
 * Boolean}, null, {@link JsonObject} or a {@link java.util.List} of these. Immutable; safe for
 * concurrent use.
 */
public final class JsonObject {
  private final Map<String, @Nullable Object> fields;

  JsonObject(Map<String, @Nullable Object> fields) {
    this.fields = Collections.unmodifiableMap(fields);
  }

  /** An object without fields. */
  public static JsonObject empty() {
    return new JsonObject(new LinkedHashMap<>());
  }

  /** A copy with a field more, or with another value of it; fields keep their order. */
  public JsonObject with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(fields);
    copy.put(name, value);
    return new JsonObject(copy);
  }

  /** The fields in the order in which they came; unmodifiable. */
  public Map<String, @Nullable Object> fields() {
    return fields;
  }

  /** A text, or null if the field is absent or something else. */
  public @Nullable String text(String name) {
    return fields.get(name) instanceof String text ? text : null;
  }

  /** A whole number, or the fallback if the field is absent or something else. */
  public long number(String name, long fallback) {
    return fields.get(name) instanceof Long number ? number : fallback;
  }

  /** Whether the field is there and true. */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }

  /** One line of JSON. */
  @Override
  public String toString() {
    return Json.text(this, false);
  }

  /** JSON over several lines, indented by two spaces. */
  public String indented() {
    return Json.text(this, true);
  }
}
