package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventFilter;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.WatchRequest;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code /v1/events}: what happens to the keys, as server-sent events. Safe for concurrent use. */
final class EventResource {
  private static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("Last-Event-ID");
  private static final byte[] NO_PREFIX = {};

  private final Door door;

  EventResource(Door door) {
    this.door = door;
  }

  void handle(Exchange exchange) {
    WatchRequest request =
        new WatchRequest(
            filter(exchange.query()),
            after(exchange),
            Parameters.flag(exchange, "current"),
            slow(exchange.query().text("slow")));
    boolean valuesWanted = Parameters.flag(exchange, "values");
    if (exchange.isHead()) {
      exchange.replyHead(Reply.EVENT_STREAM);
      return;
    }
    new EventStream(door, exchange, request, valuesWanted).start();
  }

  private static EventFilter filter(QueryString query) {
    byte @Nullable [] prefix = query.bytes("prefix");
    byte[] begin = prefix == null ? NO_PREFIX : prefix;
    String pattern = query.text("pattern");
    KeyFilter keys =
        pattern == null || pattern.isEmpty()
            ? KeyFilter.prefix(begin)
            : KeyFilter.pattern(begin, pattern);
    return EventFilter.of(
        query.all("key"),
        keys,
        query.all("kind").stream().map(Utf8::text).map(EventResource::kind).toList(),
        query.all("client").stream().map(Utf8::text).toList());
  }

  private static EventKind kind(String text) {
    for (EventKind kind : EventKind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new MayflyException(
        ErrorCode.ARGUMENT_INVALID,
        "kind '%s': expected one such as created, updated or deleted".formatted(text));
  }

  /** The header field is what a browser sends when it comes back. */
  private static @Nullable ResumeToken after(Exchange exchange) {
    String last = exchange.request().getHeader(LAST_EVENT_ID);
    String token = last == null || last.isEmpty() ? exchange.query().text("after") : last;
    return token == null || token.isEmpty() ? null : ResumeToken.decode(token);
  }

  private static SlowPolicy slow(@Nullable String text) {
    return switch (text) {
      case null -> SlowPolicy.NOTICE;
      case "notice" -> SlowPolicy.NOTICE;
      case "disconnect" -> SlowPolicy.DISCONNECT;
      case "coalesce" -> SlowPolicy.COALESCE;
      default ->
          throw new MayflyException(
              ErrorCode.ARGUMENT_INVALID,
              "slow '%s': expected notice, disconnect or coalesce".formatted(text));
    };
  }
}
