package dev.mayfly.balancer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as maps, lists, strings, numbers and booleans; and reading it where it may have another
 * shape than one hopes: what is not there, or is of another kind, is empty. Stateless.
 */
final class JsonTree {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonTree() {}

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException if it is none
   */
  static @Nullable Object parse(byte[] json) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() == null) {
        throw new IllegalArgumentException("no JSON");
      }
      return value(parser);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("broken JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        object.put(name, value(parser));
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> array = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(value(parser));
      }
      return array;
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      return parser.getNumberValue();
    }
    return parser.getString();
  }

  /** A member of an object. */
  static @Nullable Object member(@Nullable Object object, String name) {
    return object instanceof Map<?, ?> map ? map.get(name) : null;
  }

  /** What a path of members leads to, as text; empty if that is nowhere. */
  static String text(@Nullable Object object, String... path) {
    Object at = object;
    for (String name : path) {
      at = member(at, name);
    }
    return at == null || at instanceof Map || at instanceof List ? "" : at.toString();
  }

  /** The elements of an array; none if it is no array. */
  static List<@Nullable Object> elements(@Nullable Object array) {
    return array instanceof List<?> list ? new ArrayList<@Nullable Object>(list) : List.of();
  }

  /** The names of an object's members, sorted. */
  static List<String> names(@Nullable Object object) {
    return object instanceof Map<?, ?> map
        ? map.keySet().stream().map(String::valueOf).sorted().toList()
        : List.of();
  }
}
