package dev.mayfly.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An answer of any length that is written by a thread which may block: one piece is kept at most,
 * and none is made while the client does not read. The head goes out with the first piece.
 *
 * <p>Confined to that thread; the exchange stays its event loop's. Closing it sends what is left,
 * and not the end of the answer: that is for whoever knows that all of it is there.
 */
final class ReplyStream extends OutputStream {
  private static final int PIECE_BYTES = 64 * 1024;
  private static final long PATIENCE_SECONDS = 60;

  private final HttpServerResponse response;
  private final Context context;
  private final CharSequence contentType;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE_BYTES);

  ReplyStream(HttpServerResponse response, Context context, CharSequence contentType) {
    this.response = response;
    this.context = context;
    this.contentType = contentType;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    int at = from;
    int end = from + length;
    while (at < end) {
      int part = Math.min(end - at, PIECE_BYTES - piece.size());
      piece.write(bytes, at, part);
      at += part;
      if (piece.size() >= PIECE_BYTES) {
        send();
      }
    }
  }

  private void send() throws IOException {
    Buffer taken = Buffer.buffer(piece.toByteArray());
    piece.reset();
    CompletableFuture<Void> sent = new CompletableFuture<>();
    context.runOnContext(
        turn -> {
          if (!response.headWritten()) {
            response.setStatusCode(200).setChunked(true);
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
          }
          response.write(taken).onComplete(sent::complete, sent::completeExceptionally);
        });
    try {
      sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("the client went away", e);
    } catch (TimeoutException e) {
      throw new IOException("the client reads nothing", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (piece.size() > 0) {
      send();
    }
  }
}
