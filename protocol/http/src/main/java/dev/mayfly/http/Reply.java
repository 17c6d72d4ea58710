package dev.mayfly.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/**
 * An answer that is always the same, made once. Immutable: nobody writes to the body.
 *
 * @param status the HTTP status
 */
record Reply(int status, CharSequence contentType, Buffer body) {
  static final CharSequence TEXT_JSON = HttpHeaders.createOptimized("text/json");
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  static final CharSequence JSON_UTF8 =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  static final CharSequence PROBLEM = HttpHeaders.createOptimized("application/problem+json");
  static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");
  static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");
  static final CharSequence YAML = HttpHeaders.createOptimized("application/yaml");

  Reply(int status, CharSequence contentType, String body) {
    this(status, contentType, Buffer.buffer(body));
  }
}
