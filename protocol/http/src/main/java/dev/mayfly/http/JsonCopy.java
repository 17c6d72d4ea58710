package dev.mayfly.http;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** JSON in its shortest form: without space, names in their order, numbers digit by digit. */
final class JsonCopy {
  private JsonCopy() {}

  /** The value that the parser is at; the parser is at its last token then. */
  static byte[] of(JsonParser in) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = Json.generator(bytes)) {
      int depth = 0;
      do {
        JsonToken token = in.currentToken();
        copy(in, token, out);
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      } while (depth > 0 && in.nextToken() != null);
    }
    return bytes.toByteArray();
  }

  private static void copy(JsonParser in, JsonToken token, JsonGenerator out) {
    switch (token) {
      case START_OBJECT -> out.writeStartObject();
      case END_OBJECT -> out.writeEndObject();
      case START_ARRAY -> out.writeStartArray();
      case END_ARRAY -> out.writeEndArray();
      case PROPERTY_NAME -> out.writeName(Utf8.require("data", in.currentName()));
      case VALUE_STRING -> out.writeString(Utf8.require("data", in.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(in.getString());
      case VALUE_TRUE -> out.writeBoolean(true);
      case VALUE_FALSE -> out.writeBoolean(false);
      case VALUE_NULL -> out.writeNull();
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no token of a document: " + token);
    }
  }

  /** Whether the bytes are one JSON object and nothing else. */
  static boolean isObject(byte[] bytes) {
    try (JsonParser in = Json.parser(bytes)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      in.skipChildren();
      return in.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }
}
