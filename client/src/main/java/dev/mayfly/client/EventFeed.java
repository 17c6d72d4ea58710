package dev.mayfly.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Events as the server streams them (server-sent events; HTML, section 9.2).
 *
 * <p>Confined to one thread at a time. Holds a connection until it is closed.
 */
public final class EventFeed implements AutoCloseable {
  /** A value has at most 8 MiB, here in base64. */
  private static final int LINE_BYTES_MAX = 16 << 20;

  private final HttpReply reply;
  private final HttpTransport transport;
  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final byte[] buffer = new byte[8192];
  private int at;
  private int length;
  private @Nullable String id;

  EventFeed(HttpReply reply, HttpTransport transport) {
    this.reply = reply;
    this.transport = transport;
    this.in = reply.body();
  }

  /**
   * Waits for the next event; null when the server has ended the stream.
   *
   * @throws MayflyConnectionException if the stream breaks off, or stays silent for too long
   */
  public @Nullable WatchedEvent next() {
    try {
      String type = "";
      byte[] data = null;
      while (fillLine()) {
        if (line.size() == 0 && data != null) {
          return new WatchedEvent(type, Json.object(data));
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (text.startsWith("id: ")) {
          id = text.substring("id: ".length());
        } else if (text.startsWith("event: ")) {
          type = text.substring("event: ".length());
        } else if (text.startsWith("data: ")) {
          data = text.substring("data: ".length()).getBytes(StandardCharsets.UTF_8);
        }
      }
      return null;
    } catch (IOException e) {
      throw transport.failure(e);
    }
  }

  /** Whether a part of what is next has arrived already, so that asking for it hardly waits. */
  public boolean hasBuffered() {
    return at < length;
  }

  /** Where another watch can go on after the events read so far; null when it cannot. */
  public @Nullable String position() {
    return id;
  }

  /** Reads a line; false at the end of the stream. */
  private boolean fillLine() throws IOException {
    line.reset();
    while (true) {
      if (at == length) {
        length = in.read(buffer, 0, buffer.length);
        at = 0;
        if (length < 0) {
          length = 0;
          return false;
        }
      }
      byte b = buffer[at++];
      if (b == '\n') {
        return true;
      }
      if (line.size() == LINE_BYTES_MAX) {
        throw new MalformedReplyException("a line of the stream exceeds its limit");
      }
      line.write(b);
    }
  }

  @Override
  public void close() {
    reply.close();
  }
}
