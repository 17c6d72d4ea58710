package dev.mayfly.client;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A reply: its head, and its body to be read from the connection.
 *
 * <p>Confined to one thread at a time. Holds the connection until it is closed, which gives the
 * connection back if the body was read to its end.
 */
final class HttpReply implements Closeable {
  private static final int PROBLEM_BYTES_MAX = 64 * 1024;
  private static final int TEXT_CHARS_MAX = 200;

  private final HttpConnection.Exchange exchange;
  private final HttpConnection connection;
  private final HttpTransport transport;
  private boolean closed;

  HttpReply(HttpConnection.Exchange exchange, HttpConnection connection, HttpTransport transport) {
    this.exchange = exchange;
    this.connection = connection;
    this.transport = transport;
  }

  int status() {
    return exchange.head().status();
  }

  @Nullable String field(String lowerCaseName) {
    return exchange.head().field(lowerCaseName);
  }

  InputStream body() {
    return exchange.body();
  }

  /** The whole body, unless it is larger than the bound. */
  byte[] bytes(int bytesMax) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    byte[] piece = new byte[8192];
    for (int n = body().read(piece); n >= 0; n = body().read(piece)) {
      if (n > bytesMax - bytes.size()) {
        throw new MalformedReplyException("the reply is larger than " + bytesMax + " bytes");
      }
      bytes.write(piece, 0, n);
    }
    return bytes.toByteArray();
  }

  /** Whether the body is a problem (RFC 9457) of the store's own making. */
  private boolean isProblem() {
    String type = field("content-type");
    return type != null && type.startsWith("application/problem+json");
  }

  /** The refusal that this reply is, whatever its body looks like. */
  MayflyRefusedException refusal() throws IOException {
    byte[] body = bytes(PROBLEM_BYTES_MAX);
    if (isProblem()) {
      JsonObject problem = Json.object(body);
      String detail = problem.text("detail");
      String title = problem.text("title");
      String code = problem.text("code");
      return new MayflyRefusedException(
          status(),
          code == null ? "" : code,
          detail != null ? detail : title != null ? title : "refused");
    }
    String text = new String(body, StandardCharsets.UTF_8).strip();
    int end = Math.min(text.length(), TEXT_CHARS_MAX);
    StringBuilder shown = new StringBuilder(end);
    text.substring(0, end).codePoints().map(c -> c < ' ' ? ' ' : c).forEach(shown::appendCodePoint);
    return new MayflyRefusedException(
        status(), "", shown.isEmpty() ? "HTTP status " + status() : shown.toString());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean reusable =
        exchange.sentWhole() && exchange.body().isFinished() && exchange.head().keepsAlive();
    transport.release(connection, reusable);
  }
}
