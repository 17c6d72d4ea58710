package dev.mayfly.http;

import dev.mayfly.store.Span;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as a span: its route, never its path, which may have a value in it. Stateless. */
final class RequestSpan {
  private static final int KEY_BYTES_MAX = 256;
  private static final int SERVER_ERROR = 500;

  private RequestSpan() {}

  /**
   * The span of a request that has ended.
   *
   * @param key that it is about; null if it is about none, or several
   * @param client who asked; empty where that is not to be told
   */
  static Span of(
      HttpServerRequest request,
      Route route,
      int status,
      long nanos,
      byte @Nullable [] key,
      String client) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("http.request.method", request.method().name());
    attributes.put("http.route", route.template());
    attributes.put("http.response.status_code", (long) status);
    if (key != null) {
      int length = Math.min(key.length, KEY_BYTES_MAX);
      attributes.put(Span.KEY, new String(key, 0, length, StandardCharsets.UTF_8));
    }
    if (!client.isEmpty()) {
      attributes.put(Span.CLIENT_ID, client);
    }
    return new Span(
        request.method().name() + " " + route.template(),
        nanos,
        attributes,
        status >= SERVER_ERROR ? "status " + status : null,
        request::getHeader);
  }
}
