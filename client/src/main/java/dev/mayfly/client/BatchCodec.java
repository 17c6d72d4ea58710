package dev.mayfly.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** The JSON of a batch and of its reply. Stateless; safe for concurrent use. */
final class BatchCodec {
  private BatchCodec() {}

  static byte[] encode(List<SetOperation> operations) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * operations.size() + 64);
    try (JsonGenerator out = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      out.writeArrayPropertyStart("operations");
      for (SetOperation operation : operations) {
        out.writeStartObject();
        out.writeObjectPropertyStart("set");
        bytes(out, "key", "key_base64", operation.key());
        bytes(out, "value", "value_base64", operation.value());
        SetOptions options = operation.options();
        text(out, "lifespan", DurationText.of(options.lifespan()));
        text(out, "lock", DurationText.of(options.lock()));
        text(out, "content_type", options.contentType());
        out.writeEndObject();
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void bytes(JsonGenerator out, String text, String base64, byte[] bytes) {
    if (Utf8.isValid(bytes)) {
      out.writeName(text);
      out.writeUTF8String(bytes, 0, bytes.length);
    } else {
      out.writeName(base64);
      out.writeBinary(bytes);
    }
  }

  private static void text(JsonGenerator out, String name, @Nullable String value) {
    if (value != null) {
      out.writeStringProperty(name, value);
    }
  }

  static List<BatchReply> decode(JsonObject reply, int count) throws IOException {
    if (!(reply.fields().get("results") instanceof List<?> results) || results.size() != count) {
      throw new MalformedReplyException("the reply does not answer each operation of the batch");
    }
    List<BatchReply> replies = new ArrayList<>(count);
    for (Object result : results) {
      if (!(result instanceof JsonObject object)) {
        throw new MalformedReplyException("a result of the batch is not an object");
      }
      replies.add(new BatchReply(object.flag("is_new"), refusal(object)));
    }
    return replies;
  }

  private static @Nullable MayflyRefusedException refusal(JsonObject result) throws IOException {
    if (result.fields().get("error") instanceof JsonObject error) {
      String code = error.text("code");
      String detail = error.text("detail");
      return new MayflyRefusedException(
          (int) error.number("status", 0),
          code == null ? "" : code,
          detail == null ? "refused" : detail);
    }
    if (!result.flag("success")) {
      throw new MalformedReplyException("a result of the batch is neither success nor error");
    }
    return null;
  }
}
