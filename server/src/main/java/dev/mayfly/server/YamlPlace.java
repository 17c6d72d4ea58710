package dev.mayfly.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping somewhere in a YAML document, and where it is, for messages. Immutable.
 *
 * @param path such as {@code descriptors[2].rate_limit}; empty at the root
 */
record YamlPlace(String path, Map<?, ?> members) {
  static YamlPlace root(Object document) {
    return of("", document);
  }

  private static YamlPlace of(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new YamlPlace(path, map);
    }
    throw new IllegalArgumentException(
        (path.isEmpty() ? "" : path + ": ") + "expected names and values");
  }

  IllegalArgumentException problem(String text) {
    return new IllegalArgumentException(path.isEmpty() ? text : path + ": " + text);
  }

  /** Refuses names that mean nothing here: they would be misspelt ones. */
  void requireOnly(String... known) {
    for (String name : names()) {
      if (!Set.of(known).contains(name)) {
        throw problem("'%s' means nothing: expected %s".formatted(name, String.join(", ", known)));
      }
    }
  }

  List<String> names() {
    return members.keySet().stream().map(String::valueOf).toList();
  }

  private String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  @Nullable YamlPlace member(String name) {
    Object value = members.get(name);
    return value == null ? null : of(pathOf(name), value);
  }

  /** The mappings of a list; none if it is absent. */
  List<YamlPlace> list(String name) {
    Object value = members.get(name);
    List<YamlPlace> places = new ArrayList<>();
    if (value instanceof List<?> items) {
      for (Object item : items) {
        places.add(of(pathOf(name) + "[" + places.size() + "]", item));
      }
    } else if (value != null) {
      throw problem(name + ": expected a list");
    }
    return places;
  }

  @Nullable String text(String name) {
    Object value = members.get(name);
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      throw problem(name + ": expected a text");
    }
    return value == null ? null : value.toString();
  }

  String requireText(String name) {
    String text = text(name);
    if (text == null || text.isEmpty()) {
      throw problem("no " + name + ": expected one");
    }
    return text;
  }

  @Nullable Long number(String name) {
    String text = text(name);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw problem("%s '%s': expected a whole number".formatted(name, text));
    }
  }

  long requireNumber(String name) {
    Long number = number(name);
    if (number == null) {
      throw problem("no " + name + ": expected one");
    }
    return number;
  }

  /** False where it is absent. */
  boolean flag(String name) {
    String text = text(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw problem("%s '%s': expected true or false".formatted(name, text));
  }
}
