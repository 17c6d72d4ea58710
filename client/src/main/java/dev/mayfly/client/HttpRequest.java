package dev.mayfly.client;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request before it is sent.
 *
 * <p>Confined to one thread. Borrows the stream that its body may be.
 */
final class HttpRequest {
  final String method;
  private final StringBuilder target;
  private final List<String> fields = new ArrayList<>();
  private byte @Nullable [] bytes;
  private @Nullable InputStream stream;
  private boolean hasQuery;

  HttpRequest(String method, String path) {
    this.method = method;
    this.target = new StringBuilder(path);
  }

  /** A request about one key, which becomes one segment of the path. */
  static HttpRequest ofKey(String method, String key, String suffix) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("Empty key");
    }
    HttpRequest request = new HttpRequest(method, "/v1/keys/");
    PercentCodec.encode(key, request.target);
    request.target.append(suffix);
    return request;
  }

  /** Adds a parameter to the query unless it has no value. */
  HttpRequest query(String name, @Nullable String value) {
    if (value != null) {
      target.append(hasQuery ? '&' : '?').append(name).append('=');
      PercentCodec.encode(value, target);
      hasQuery = true;
    }
    return this;
  }

  /** Adds a header field unless it has no value. */
  HttpRequest field(String name, @Nullable String value) {
    if (value != null) {
      for (int i = 0; i < value.length(); i++) {
        if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
          throw new IllegalArgumentException(
              "invalid " + name + " '" + value + "': expected printable ASCII");
        }
      }
      fields.add(name);
      fields.add(value);
    }
    return this;
  }

  HttpRequest body(byte[] body) {
    bytes = body;
    return this;
  }

  /** A body of unknown length, sent in chunks; such a request is never repeated. */
  HttpRequest body(InputStream body) {
    stream = body;
    return this;
  }

  byte @Nullable [] bytes() {
    return bytes;
  }

  @Nullable InputStream stream() {
    return stream;
  }

  /** Whether sending it twice is as good as sending it once. */
  boolean isRepeatable() {
    return stream == null && !method.equals("POST");
  }

  /** The request up to its body, on the wire. */
  byte[] head(String authority, String clientId) {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ").append(authority);
    head.append("\r\nX-Client-Id: ").append(clientId);
    for (int i = 0; i < fields.size(); i += 2) {
      head.append("\r\n").append(fields.get(i)).append(": ").append(fields.get(i + 1));
    }
    if (stream != null) {
      head.append("\r\nTransfer-Encoding: chunked");
    } else if (bytes != null) {
      head.append("\r\nContent-Length: ").append(bytes.length);
    } else if (method.equals("POST")) {
      head.append("\r\nContent-Length: 0");
    }
    return head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }
}
