package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A refusal as problem details (RFC 9457). Immutable.
 *
 * @param type the last part of the problem's URN
 * @param code the error code's name; null where the door itself refuses, before the store is asked
 * @param key the key it is about; told only when it is text
 */
record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String code,
    byte @Nullable [] key) {
  /** A request did not come in time. */
  static final Problem LATE =
      of(408, "request-timeout", "the request took too long", "expected it to come sooner");

  private static final int KEY_BYTES_TOLD_MAX = 1024;

  /** What the store refused. A bug's message stays in the log. */
  static Problem of(ErrorCode code, @Nullable String message, byte @Nullable [] key) {
    String name = codeName(code);
    String detail = message == null || code.kind() == ErrorCode.Kind.BUG ? code.summary() : message;
    return new Problem(name, code.summary(), HttpErrors.status(code), detail, name, key);
  }

  /** A code as clients see it. */
  static String codeName(ErrorCode code) {
    return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What the door refused. */
  static Problem of(int status, String type, String title, String detail) {
    return new Problem(type, title, status, detail, null, null);
  }

  void write(JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("type", "urn:mayfly:problem:" + type);
    out.writeStringProperty("title", title);
    out.writeNumberProperty("status", status);
    out.writeStringProperty("detail", detail);
    if (code != null) {
      out.writeStringProperty("code", code);
    }
    if (key != null && key.length <= KEY_BYTES_TOLD_MAX && Utf8.isValid(key)) {
      out.writeName("key");
      out.writeUTF8String(key, 0, key.length);
    }
    out.writeEndObject();
  }

  void reply(Exchange exchange) {
    exchange.reply(status, Reply.PROBLEM, Json.buffer(this::write));
  }
}
