package dev.mayfly.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.OutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * A JSON answer of any length, written in pieces: at most one piece is kept, none is made while the
 * client does not read, and other requests of the event loop get their turn after each step.
 *
 * <p>An answer that fits one piece is sent with its length, a longer one in chunks, where {@code
 * onEnd} may still add trailers. Confined to the exchange's event loop.
 */
final class StreamedReply {
  private static final int PIECE_BYTES = 32 * 1024;

  /** What comes after a step. */
  enum Progress {
    /** Another step may follow at once. */
    GO_ON,
    /** Another step follows when others had their turn. */
    PAUSE,
    /** Nothing: the document is complete. */
    END
  }

  /** Makes the document. */
  interface Source {
    /** Writes a bounded part of it, which may be as large as a value where values are told. */
    Progress step(JsonGenerator out);

    /** Whether values are told. */
    default boolean tellsValues() {
      return false;
    }
  }

  private final Exchange exchange;
  private final HttpServerResponse response;
  private final Door door;
  private final CharSequence contentType;
  private final Source source;
  private final Consumer<Boolean> onEnd;
  private final Piece piece = new Piece();
  private final JsonGenerator out = Json.generator(piece);
  private final StreamOutput output;

  /** What was written and not sent. Once it is taken nothing of its memory is kept. */
  private static final class Piece extends OutputStream {
    private Buffer bytes = Buffer.buffer();

    @Override
    public void write(int one) {
      bytes.appendByte((byte) one);
    }

    @Override
    public void write(byte[] from, int at, int length) {
      bytes.appendBytes(from, at, length);
    }

    int size() {
      return bytes.length();
    }

    Buffer take() {
      Buffer taken = bytes;
      bytes = Buffer.buffer();
      return taken;
    }
  }

  /**
   * Prepares an answer.
   *
   * @param onEnd told once, before the last piece: whether fields can still go into the head; else
   *     they are trailers
   */
  StreamedReply(
      Exchange exchange,
      Door door,
      CharSequence contentType,
      Source source,
      Consumer<Boolean> onEnd) {
    this.exchange = exchange;
    this.response = exchange.response();
    this.door = door;
    this.contentType = contentType;
    this.source = source;
    this.onEnd = onEnd;
    output = new StreamOutput(exchange, source.tellsValues(), () -> exchange.attempt(this::run));
  }

  void start() {
    response.exceptionHandler(
        failure -> {
          output.end();
          exchange.done(Exchange.STATUS_GONE);
        });
    exchange.attempt(this::run);
  }

  private void run() {
    while (!exchange.isDone()) {
      if (!output.hasRoom()) {
        return;
      }
      Progress progress = source.step(out);
      if (progress == Progress.END) {
        exchange.whenDurable(this::end);
        return;
      }
      out.flush();
      if (piece.size() >= PIECE_BYTES && exchange.isHeld()) {
        exchange.whenDurable(this::writeAndRun);
        return;
      }
      if (piece.size() >= PIECE_BYTES && !write()) {
        return;
      }
      if (progress == Progress.PAUSE) {
        door.runNext(() -> exchange.attempt(this::run));
        return;
      }
    }
  }

  private void writeAndRun() {
    if (write()) {
      run();
    }
  }

  /** Sends the piece; answers whether the client is fast enough to go on at once. */
  private boolean write() {
    if (!response.headWritten()) {
      response.setStatusCode(200).setChunked(true);
      response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
    return output.write(piece.take());
  }

  private void end() {
    out.close();
    output.end();
    boolean whole = !response.headWritten();
    onEnd.accept(whole);
    if (whole) {
      exchange.reply(200, contentType, piece.take());
    } else {
      response.end(piece.take());
      exchange.done(200);
    }
  }
}
