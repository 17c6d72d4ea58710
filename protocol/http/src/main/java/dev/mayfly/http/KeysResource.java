package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ScanRequest;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Many keys at once: list, count, delete. Safe for concurrent use. */
final class KeysResource {
  private static final byte[] NO_PREFIX = {};
  private static final int PATTERN_CHARS_MAX = 1024;

  private final Door door;

  KeysResource(Door door) {
    this.door = door;
  }

  void list(Exchange exchange) {
    KeyFilter filter = filter(exchange);
    long limit = Parameters.count(exchange, "limit");
    String text = exchange.query().text("cursor");
    long cursor =
        text == null || text.isEmpty() ? ScanRequest.START : Parameters.count(exchange, "cursor");
    boolean reserved = Parameters.flag(exchange, "include_reserved");
    new KeyListing(door, exchange, filter, limit, cursor, reserved).start();
  }

  void count(Exchange exchange) {
    KeyFilter filter = filter(exchange);
    if (filter.prefix().length == 0 && filter.pattern() == null) {
      V1.replyNumber(exchange, "count", door.keyspace().count(filter, exchange.stamp()));
      return;
    }
    new Counting(exchange, filter).start();
  }

  void delete(Exchange exchange) {
    byte @Nullable [] prefix = exchange.query().bytes("prefix");
    if (prefix == null || prefix.length == 0) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "prefix: expected at least one byte; see /v1/clear");
    }
    sweep(exchange, KeyFilter.prefix(prefix), Parameters.flag(exchange, "force"));
  }

  void clear(Exchange exchange) {
    sweep(exchange, KeyFilter.ALL, Parameters.flag(exchange, "force"));
  }

  private void sweep(Exchange exchange, KeyFilter filter, boolean forced) {
    new Sweeping(
            door,
            exchange,
            filter,
            forced,
            keys -> {
              String body = "{\"success\":true,\"keys_deleted\":" + keys + "}";
              exchange.reply(200, Reply.JSON, Buffer.buffer(body));
            })
        .start();
  }

  private static KeyFilter filter(Exchange exchange) {
    byte @Nullable [] prefix = exchange.query().bytes("prefix");
    byte @Nullable [] sent = exchange.query().bytes("pattern");
    byte[] begin = prefix == null ? NO_PREFIX : prefix;
    if (sent == null || sent.length == 0) {
      return KeyFilter.prefix(begin);
    }
    String pattern = Utf8.decode("pattern", sent);
    if (pattern.length() > PATTERN_CHARS_MAX) {
      throw new MayflyException(
          ErrorCode.PATTERN_INVALID,
          "pattern of %d characters: expected at most %d"
              .formatted(pattern.length(), PATTERN_CHARS_MAX));
    }
    return KeyFilter.pattern(begin, pattern);
  }

  /** A count on its way through the keys, a step at a time with other requests between. */
  private final class Counting {
    private final Exchange exchange;
    private final KeyWalk walk;
    private long count;

    Counting(Exchange exchange, KeyFilter filter) {
      this.exchange = exchange;
      this.walk = new KeyWalk(door.keyspace(), filter, ScanRequest.START);
    }

    void start() {
      exchange.response().exceptionHandler(failure -> exchange.done(Exchange.STATUS_GONE));
      exchange.attempt(this::step);
    }

    private void step() {
      if (exchange.isDone()) {
        return;
      }
      count += walk.step(exchange.stamp()).size();
      if (walk.isOver()) {
        V1.replyNumber(exchange, "count", count);
      } else {
        door.runNext(() -> exchange.attempt(this::step));
      }
    }
  }
}
