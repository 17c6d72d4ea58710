package dev.mayfly.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A value as it comes from the server, of any size.
 *
 * <p>Confined to one thread at a time. Holds a connection until it is closed.
 */
public final class ValueStream implements AutoCloseable {
  private final HttpReply reply;

  ValueStream(HttpReply reply) {
    this.reply = reply;
  }

  /** The bytes; an end before the announced one is thrown as an {@link IOException}. */
  public InputStream bytes() {
    return reply.body();
  }

  /** Copies all bytes; failures of either side are thrown as {@link IOException}. */
  public void transferTo(OutputStream out) throws IOException {
    bytes().transferTo(out);
  }

  /** As it was given or detected; null if the server sent none. */
  public @Nullable String contentType() {
    return reply.field("content-type");
  }

  /** Names this state of the key, for conditional requests; null if the server sent none. */
  public @Nullable String etag() {
    return reply.field("etag");
  }

  @Override
  public void close() {
    reply.close();
  }
}
