package dev.mayfly.journal;

import java.io.IOException;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A small object in a snapshot of the old kind: names and plain values. Immutable. */
record OldObject(Map<String, String> fields) {
  private static final byte[] NONE = new byte[0];

  /** Takes objects as they are read. */
  interface Sink {
    void accept(OldObject object) throws IOException, SQLException;
  }

  /** Reads all objects of the array that the parser is at; nothing, if it is at none. */
  static void readAll(JsonParser parser, Sink sink) throws IOException, SQLException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      Map<String, String> fields = new HashMap<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
          fields.put(name, parser.getString());
        } else {
          parser.skipChildren();
        }
      }
      sink.accept(new OldObject(fields));
    }
    if (parser.currentToken() != JsonToken.END_ARRAY) {
      throw new IOException("it is no snapshot of the old kind: expected objects in a list");
    }
  }

  @Nullable String text(String name) {
    return fields.get(name);
  }

  String required(String name) throws IOException {
    String text = fields.get(name);
    if (text == null) {
      throw new IOException(
          "it is no snapshot of the old kind: expected '%s' in each of its objects"
              .formatted(name));
    }
    return text;
  }

  long number(String name, long fallback) throws IOException {
    String text = fields.get(name);
    try {
      return text == null ? fallback : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException(
          "it is no snapshot of the old kind: '%s' is '%s', expected a number"
              .formatted(name, text),
          e);
    }
  }

  byte[] bytes(String name) throws IOException {
    String text = fields.get(name);
    try {
      return text == null ? NONE : Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "it is no snapshot of the old kind: expected base64 in '%s'".formatted(name), e);
    }
  }

  /** Milliseconds since the epoch; 0 for no time at all, and for the year 1, which means that. */
  long time(String name) {
    String text = fields.get(name);
    return text == null ? 0 : Math.max(0, OffsetDateTime.parse(text).toInstant().toEpochMilli());
  }
}
