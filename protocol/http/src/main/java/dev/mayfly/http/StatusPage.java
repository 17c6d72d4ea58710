package dev.mayfly.http;

import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Stamp;
import io.vertx.core.buffer.Buffer;

/** What a browser sees at the root. Stateless. */
final class StatusPage {
  private StatusPage() {}

  static Buffer of(Door door, Stamp stamp) {
    return Buffer.buffer(
        """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>mayfly</title></head>
      <body>
      <h1>mayfly</h1>
      <p>Version %s, node %s, %s.</p>
      <p>%d keys.</p>
      <p>The interface is described in <a href="/openapi.yaml">openapi.yaml</a>.</p>
      </body>
      </html>
      """
            .formatted(
                escape(door.config().version()),
                escape(door.node().get().name()),
                door.ready().getAsBoolean() ? "ready" : "not ready",
                door.keyspace().count(KeyFilter.ALL, stamp)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
