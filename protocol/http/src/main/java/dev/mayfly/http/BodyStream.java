package dev.mayfly.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request's body of any length, for a thread that may block: no more of it is taken from the
 * connection than is read here, a part at a time.
 *
 * <p>Made on the exchange's event loop; read by one thread.
 */
final class BodyStream extends InputStream {
  private static final long PATIENCE_SECONDS = 60;

  private final HttpServerRequest request;
  private final Context context;

  /** At most one part, since only one is asked for at a time, and what ends it. */
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();

  private @Nullable Buffer part;
  private int at;
  private boolean ended;

  BodyStream(HttpServerRequest request, Context context) {
    this.request = request;
    this.context = context;
    request.pause();
    request.handler(bytes -> parts.add(new Part(Kind.BYTES, bytes)));
    request.endHandler(end -> parts.add(new Part(Kind.END, Buffer.buffer())));
    request.exceptionHandler(failure -> parts.add(new Part(Kind.GONE, Buffer.buffer())));
  }

  private enum Kind {
    BYTES,
    END,
    GONE
  }

  private record Part(Kind kind, Buffer bytes) {}

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended && (part == null || at == part.length())) {
      part = next();
      at = 0;
    }
    Buffer bytes = part;
    if (ended || bytes == null) {
      return -1;
    }
    int count = Math.min(length, bytes.length() - at);
    bytes.getBytes(at, at + count, into, from);
    at += count;
    return count;
  }

  private Buffer next() throws IOException {
    context.runOnContext(turn -> request.fetch(1));
    try {
      Part next = parts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new IOException("the client sends nothing");
      }
      if (next.kind == Kind.GONE) {
        throw new IOException("the client went away");
      }
      ended = next.kind == Kind.END;
      return next.bytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
