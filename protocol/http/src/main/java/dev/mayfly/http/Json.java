package dev.mayfly.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Reading and writing JSON (RFC 8259) on Jackson's streams. Stateless; safe for concurrent use. */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int EXPECTED_BYTES = 256;

  private Json() {}

  /** A small document. */
  static Buffer buffer(Consumer<JsonGenerator> content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(EXPECTED_BYTES);
    try (JsonGenerator out = generator(bytes)) {
      content.accept(out);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  static JsonGenerator generator(OutputStream bytes) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), bytes);
  }

  static JsonParser parser(byte[] document) {
    return FACTORY.createParser(ObjectReadContext.empty(), document);
  }

  /** Writes bytes as a text; what is no UTF-8 appears as U+FFFD. */
  static void writeText(JsonGenerator out, byte[] bytes) {
    if (Utf8.isValid(bytes)) {
      out.writeUTF8String(bytes, 0, bytes.length);
    } else {
      out.writeString(Utf8.text(bytes));
    }
  }
}
