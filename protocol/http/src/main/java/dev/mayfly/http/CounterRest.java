package dev.mayfly.http;

import dev.mayfly.store.Counters;
import dev.mayfly.store.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The counter REST: {@code /put}, {@code /count} and {@code /namespaces}, by GET only, with the
 * bodies that existing clients know. A listener of its own has {@code /} and refusals of all other
 * paths as well.
 *
 * <p>Safe for concurrent use; each exchange is confined to its event loop.
 */
final class CounterRest implements Surface {
  /** Counts stay there above it, as on the counter door. */
  private static final long COUNT_MAX = 0xFFFF_FFFFL;

  private static final Reply ROOT =
      new Reply(
          200,
          Reply.JSON,
          message("OK", "Dracula rest server - Routes:  GET /namespaces, GET /count, GET /put"));

  private final Door door;

  CounterRest(Door door) {
    this.door = door;
  }

  @Override
  public void handle(Exchange exchange) {
    if (exchange.route() == Route.COUNTER_UNKNOWN) {
      exchange.reply(404, Reply.JSON, message("Route not matched", asked(exchange)));
    } else if (!exchange.request().method().name().equals("GET")) {
      exchange.reply(405, Reply.JSON, message("Method not allowed", asked(exchange)));
    } else {
      answer(exchange);
    }
  }

  private void answer(Exchange exchange) {
    switch (exchange.route()) {
      case COUNTER_ROOT -> exchange.reply(ROOT);
      case COUNTER_PUT -> put(exchange);
      case COUNTER_COUNT -> count(exchange);
      case COUNTER_NAMESPACES ->
          exchange.whenRoom(() -> ReplyMemory.LARGE_BYTES, () -> namespaces(exchange));
      default -> throw new IllegalStateException("no counter route " + exchange.route());
    }
  }

  @Override
  public void refuse(Exchange exchange, ErrorCode code, String message) {
    exchange.reply(HttpErrors.status(code), Reply.JSON, message(code.summary(), message));
  }

  private Counters counters() {
    return door.store().counters();
  }

  private void put(Exchange exchange) {
    byte[] namespace = parameter(exchange, "namespace");
    byte[] key = parameter(exchange, "key");
    if (namespace.length == 0 || key.length == 0) {
      refuseParameters(exchange, "namespace and key query params are required");
      return;
    }
    replyCount(exchange, counters().hit(namespace, key, 1, door.time().millis()));
  }

  /** The parameter is called a pattern, and is one key. */
  private void count(Exchange exchange) {
    byte[] namespace = parameter(exchange, "namespace");
    byte[] key = parameter(exchange, "pattern");
    if (namespace.length == 0 || key.length == 0) {
      refuseParameters(exchange, "namespace and pattern query params are required");
      return;
    }
    replyCount(exchange, counters().count(namespace, key, door.time().millis()));
  }

  private void namespaces(Exchange exchange) {
    List<byte[]> names = counters().namespaces(door.time().millis());
    StringBuilder list = new StringBuilder("{\"list\":[");
    for (int i = 0; i < names.size(); i++) {
      list.append(i == 0 ? "" : ",");
      CounterText.quote(list, names.get(i));
    }
    exchange.reply(200, Reply.JSON, Buffer.buffer(list.append("]}\n").toString()));
  }

  private static void refuseParameters(Exchange exchange, String details) {
    exchange.reply(400, Reply.JSON, message("Bad request", details));
  }

  private static void replyCount(Exchange exchange, long count) {
    long shown = Math.min(count, COUNT_MAX);
    exchange.reply(200, Reply.JSON, Buffer.buffer("{\"count\":" + shown + "}\n"));
  }

  private static String asked(Exchange exchange) {
    byte[] path = PercentCodec.decodeLenient(exchange.path(), false);
    return exchange.request().method().name() + " " + Utf8.text(path);
  }

  private static Buffer message(String message, String details) {
    StringBuilder text = new StringBuilder("{\"message\":");
    CounterText.quote(text, Utf8.bytes(message));
    text.append(",\"details\":");
    CounterText.quote(text, Utf8.bytes(details));
    return Buffer.buffer(text.append("}\n").toString());
  }

  /** The first of this name without spaces and line ends around it; empty if there is none. */
  private static byte[] parameter(Exchange exchange, String name) {
    for (String pair : exchange.query().raw().split("&", -1)) {
      int equals = pair.indexOf('=');
      byte @Nullable [] decodedName = decode(equals < 0 ? pair : pair.substring(0, equals));
      byte @Nullable [] value = decode(equals < 0 ? "" : pair.substring(equals + 1));
      // A pair with an escape that is none, or a semicolon, is passed over, as clients expect.
      if (decodedName != null
          && value != null
          && pair.indexOf(';') < 0
          && Arrays.equals(decodedName, Utf8.bytes(name))) {
        return trimmed(value);
      }
    }
    return new byte[0];
  }

  private static byte @Nullable [] decode(String text) {
    return PercentCodec.decodeStrict(text, true);
  }

  private static byte[] trimmed(byte[] value) {
    int start = 0;
    int end = value.length;
    while (start < end && isTrimmed(value[start])) {
      start++;
    }
    while (end > start && isTrimmed(value[end - 1])) {
      end--;
    }
    return Arrays.copyOfRange(value, start, end);
  }

  private static boolean isTrimmed(byte value) {
    return value == ' ' || value == '\n';
  }
}
