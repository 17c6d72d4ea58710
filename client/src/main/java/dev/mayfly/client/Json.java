package dev.mayfly.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Reads and writes JSON (RFC 8259). Stateless; safe for concurrent use. */
final class Json {
  static final JsonFactory FACTORY = new JsonFactory();

  private static final int DEPTH_MAX = 32;

  private Json() {}

  /**
   * Reads an object and nothing behind it.
   *
   * @throws MalformedReplyException if that is not what the bytes are
   */
  static JsonObject object(byte[] text) throws IOException {
    try (JsonParser parser = parser(new ByteArrayInputStream(text))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedReplyException("the reply is not an object of JSON");
      }
      JsonObject object = restOfObject(parser, DEPTH_MAX);
      if (parser.nextToken() != null) {
        throw new MalformedReplyException("the reply goes on behind its end");
      }
      return object;
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  static JsonParser parser(InputStream in) {
    return FACTORY.createParser(ObjectReadContext.empty(), in);
  }

  /** What a failure of the parser is: the connection's, if it came from there. */
  static IOException malformed(JacksonException e) {
    return e.getCause() instanceof IOException io
        ? io
        : new MalformedReplyException("the reply is not JSON: " + e.getOriginalMessage(), e);
  }

  /** Reads a value whose first token is the current one. */
  static @Nullable Object value(JsonParser parser, int depthMax) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      BigInteger number = parser.getBigIntegerValue();
      return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      return parser.getDoubleValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (depthMax == 0) {
      throw new MalformedReplyException("the reply nests too deeply");
    }
    if (token == JsonToken.START_OBJECT) {
      return restOfObject(parser, depthMax - 1);
    }
    return restOfArray(parser, depthMax - 1);
  }

  static JsonObject restOfObject(JsonParser parser, int depthMax) throws IOException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser, depthMax));
    }
    return new JsonObject(fields);
  }

  private static List<@Nullable Object> restOfArray(JsonParser parser, int depthMax)
      throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser, depthMax));
    }
    return items;
  }

  static String text(JsonObject object, boolean indented) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(object, out);
    }
    return indented ? JsonLayout.indent(text.toString()) : text.toString();
  }

  private static void write(@Nullable Object value, JsonGenerator out) {
    if (value instanceof JsonObject object) {
      out.writeStartObject();
      for (Map.Entry<String, @Nullable Object> field : object.fields().entrySet()) {
        out.writeName(field.getKey());
        write(field.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof List<?> items) {
      out.writeStartArray();
      for (Object item : items) {
        write(item, out);
      }
      out.writeEndArray();
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof BigInteger number) {
      out.writeNumber(number);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Number number) {
      out.writeNumber(number.longValue());
    } else if (value == null) {
      out.writeNull();
    } else {
      throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }
}
