package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * The fields of a form, where brackets in a name make objects and lists: {@code data[color]=blue},
 * {@code data[sizes][]=1}. Every value is a text. Of two that contradict each other the later wins.
 * Confined to one thread.
 */
final class FormFields {
  private static final int FIELDS_MAX = 10_000;
  private static final int DEPTH_MAX = 32;

  /**
   * Each name may become an object or a list, which take far more memory and time than its text.
   */
  private static final int NAMES_MAX = 4 * FIELDS_MAX;

  private final Group root = new Group(new LinkedHashMap<>());
  private int count;
  private int names;

  /** Adds what a query, or a body of the type {@code application/x-www-form-urlencoded}, says. */
  void addEncoded(String encoded) {
    int start = 0;
    while (start < encoded.length()) {
      int end = encoded.indexOf('&', start);
      if (end < 0) {
        end = encoded.length();
      }
      if (end > start) {
        int equals = encoded.indexOf('=', start);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        String value = nameEnd == end ? "" : encoded.substring(nameEnd + 1, end);
        add(text(encoded.substring(start, nameEnd)), text(value));
      }
      start = end + 1;
    }
  }

  void addEncoded(byte[] encoded) {
    addEncoded(new String(encoded, StandardCharsets.ISO_8859_1));
  }

  private static String text(String encoded) {
    return Utf8.decode("form", PercentCodec.decodeLenient(encoded, true));
  }

  /** Adds one field. */
  void add(String name, String value) {
    if (++count > FIELDS_MAX) {
      throw invalid("expected at most %d fields".formatted(FIELDS_MAX));
    }
    int bracket = name.indexOf('[');
    List<String> path = new ArrayList<>();
    if (bracket > 0 && name.endsWith("]")) {
      path.add(name.substring(0, bracket));
      path.addAll(List.of(name.substring(bracket + 1, name.length() - 1).split("\\]\\[", -1)));
    } else {
      path.add(name);
    }
    if (path.size() > DEPTH_MAX) {
      throw invalid("expected at most %d levels".formatted(DEPTH_MAX));
    }
    names += path.size();
    if (names > NAMES_MAX) {
      throw invalid("expected at most %d names, with those in brackets".formatted(NAMES_MAX));
    }
    put(root, path, 0, value);
  }

  private static void put(Group into, List<String> path, int at, String value) {
    String name = path.get(at);
    if (at == path.size() - 1) {
      into.fields.put(name, new Text(value));
    } else if (path.get(at + 1).isEmpty()) {
      if (!(into.fields.get(name) instanceof Items)) {
        into.fields.put(name, new Items(new ArrayList<>()));
      }
      if (into.fields.get(name) instanceof Items items) {
        append(items, path, at + 1, value);
      }
    } else {
      if (!(into.fields.get(name) instanceof Group)) {
        into.fields.put(name, new Group(new LinkedHashMap<>()));
      }
      if (into.fields.get(name) instanceof Group group) {
        put(group, path, at + 1, value);
      }
    }
  }

  private static void append(Items items, List<String> path, int at, String value) {
    if (at == path.size() - 1) {
      items.values.add(new Text(value));
    } else {
      Group group = new Group(new LinkedHashMap<>());
      items.values.add(group);
      put(group, path, at + 1, value);
    }
  }

  /** What the fields say. */
  CachePost post() {
    Node key = root.fields.get("key");
    if (key != null && !(key instanceof Text)) {
      throw invalid("key must be a string or a number");
    }
    Node ttl = root.fields.get("ttl");
    Node data = root.fields.get("data");
    return new CachePost(
        key != null,
        key instanceof Text text ? text.text : null,
        data != null,
        data instanceof Group group ? bytes(group) : null,
        ttl instanceof Text text ? text.text : null);
  }

  private static byte[] bytes(Group group) {
    return Json.buffer(out -> write(out, group)).getBytes();
  }

  private static void write(JsonGenerator out, Node node) {
    switch (node) {
      case Text text -> out.writeString(text.text);
      case Items items -> {
        out.writeStartArray();
        items.values.forEach(value -> write(out, value));
        out.writeEndArray();
      }
      case Group group -> {
        out.writeStartObject();
        group.fields.forEach(
            (name, value) -> {
              out.writeName(name);
              write(out, value);
            });
        out.writeEndObject();
      }
    }
  }

  private static MayflyException invalid(String message) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, message);
  }

  /** A value of the form. */
  private sealed interface Node {}

  private record Text(String text) implements Node {}

  private record Group(Map<String, Node> fields) implements Node {}

  private record Items(List<Node> values) implements Node {}
}
