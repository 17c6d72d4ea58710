package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MemoryBudget;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request's body while it arrives, bounded before anything of it is kept.
 *
 * <p>What is too long is refused as soon as that is known. The rest of it is read and forgotten for
 * a while, so that a client that writes before it reads finds the answer, and then the connection
 * is closed. Confined to the exchange's event loop; owns its share of the door's memory for bodies
 * until it hands the body over, so that whoever has the answer finds room for the next.
 */
final class RequestBody {
  private static final long FORGOTTEN_BYTES_MAX = 256L << 20;
  private static final long LINGER_MILLIS = 10_000;

  /** Smaller bodies are not refused for want of memory. */
  private static final int SMALL_BYTES = 1024;

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final MemoryBudget memory;
  private final long timeoutNanos;
  private final Vertx vertx;
  private final int bytesMax;
  private final Consumer<byte[]> consumer;
  private @Nullable Buffer bytes = Buffer.buffer();
  private long held;
  private long forgotten;

  private RequestBody(Exchange exchange, Door door, int bytesMax, Consumer<byte[]> consumer) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.memory = door.bodies();
    this.timeoutNanos = door.config().input().timeout().toNanos();
    this.vertx = door.vertx();
    this.bytesMax = bytesMax;
    this.consumer = consumer;
  }

  /**
   * Reads the body, then hands it over within an attempt of the exchange.
   *
   * @param bytesMax the longest body; a longer one is refused with VALUE_TOO_LARGE
   */
  static void read(Exchange exchange, Door door, int bytesMax, Consumer<byte[]> consumer) {
    new RequestBody(exchange, door, bytesMax, consumer).start();
  }

  private void start() {
    request.exceptionHandler(failure -> onGone());
    request.handler(this::onPart);
    request.endHandler(end -> onEnd());
    if (declaredBytes() > bytesMax) {
      refuse(ErrorCode.VALUE_TOO_LARGE, tooLong());
    } else if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      exchange.response().writeContinue();
    }
  }

  private long declaredBytes() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      return 0;
    }
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private void onPart(Buffer part) {
    Buffer kept = bytes;
    if (kept == null) {
      forget(part.length());
      return;
    }
    if (part.length() > bytesMax - kept.length()) {
      refuse(ErrorCode.VALUE_TOO_LARGE, tooLong());
    } else if (exchange.ageNanos() > timeoutNanos) {
      stop();
      Problem.LATE.reply(exchange);
    } else if (take(part.length())) {
      kept.appendBuffer(part);
    } else {
      refuse(ErrorCode.OVERLOADED, "too many request bodies are in flight");
    }
  }

  private boolean take(int more) {
    boolean isSmall = held + more <= SMALL_BYTES;
    if (isSmall) {
      memory.take(more);
    } else if (!memory.tryTake(more)) {
      return false;
    }
    held += more;
    return true;
  }

  private void onEnd() {
    Buffer kept = bytes;
    if (kept == null) {
      request.connection().close();
      return;
    }
    bytes = null;
    release();
    exchange.bodyBytes(kept.length());
    exchange.attempt(() -> consumer.accept(kept.getBytes()));
  }

  private void onGone() {
    bytes = null;
    release();
    exchange.done(Exchange.STATUS_GONE);
  }

  private void refuse(ErrorCode code, String message) {
    stop();
    exchange.refuse(code, message);
  }

  /** What follows is read and forgotten, and the connection ends after the refusal. */
  private void stop() {
    bytes = null;
    release();
    exchange.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    vertx.setTimer(LINGER_MILLIS, timer -> request.connection().close());
  }

  private void forget(int length) {
    forgotten += length;
    if (forgotten > FORGOTTEN_BYTES_MAX) {
      request.connection().close();
    }
  }

  private void release() {
    memory.giveBack(held);
    held = 0;
  }

  private String tooLong() {
    return "body of more than %d bytes: expected at most that".formatted(bytesMax);
  }
}
