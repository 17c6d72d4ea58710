package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the interface, {@code /openapi.yaml}. Safe for concurrent use. */
final class ApiDocument implements Surface {
  private static final String RESOURCE = "openapi.yaml";

  private final V1 refusals;
  private final Reply document = new Reply(200, Reply.YAML, load());

  ApiDocument(V1 refusals) {
    this.refusals = refusals;
  }

  private static Buffer load() {
    try (InputStream in = ApiDocument.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void handle(Exchange exchange) {
    if (exchange.route().allows(exchange.request().method().name())) {
      exchange.reply(document);
    } else {
      V1.refuseMethod(exchange);
    }
  }

  @Override
  public void refuse(Exchange exchange, ErrorCode code, String message) {
    refusals.refuse(exchange, code, message);
  }
}
