package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReservedKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The store's own interface, {@code /v1}: what is common to its resources. Refusals are problem
 * details.
 *
 * <p>Safe for concurrent use; each exchange is confined to its event loop.
 */
final class V1 implements Surface {
  private static final CharSequence CLIENT_FIELD = HttpHeaders.createOptimized("X-Client-Id");
  private static final int CLIENT_CHARS_MAX = 256;

  private static final String OPERATORS_ONLY = "missing or invalid client ID for admin function";

  private final KeyResource key;
  private final KeyActions actions;
  private final KeysResource keys;
  private final BatchResource batch;
  private final StatsResource stats;
  private final EventResource events;
  private final OperatorResource operator;
  private final SnapshotResource snapshots;
  private final Reply version;

  V1(Door door) {
    key = new KeyResource(door);
    actions = new KeyActions(door);
    keys = new KeysResource(door);
    batch = new BatchResource(door);
    stats = new StatsResource(door);
    events = new EventResource(door);
    operator = new OperatorResource(door);
    snapshots = new SnapshotResource(door);
    version =
        new Reply(
            200,
            Reply.JSON,
            Json.buffer(
                out -> {
                  out.writeStartObject();
                  out.writeStringProperty("version", door.config().version());
                  out.writeStringProperty("name", "mayfly");
                  out.writeEndObject();
                }));
  }

  @Override
  public void refuse(Exchange exchange, ErrorCode code, String message) {
    if (code == ErrorCode.OVERLOADED) {
      exchange.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
    Problem.of(code, message, exchange.key()).reply(exchange);
  }

  @Override
  public void handle(Exchange exchange) {
    Route route = exchange.route();
    if (route == Route.UNKNOWN_V1) {
      String detail = "nothing is at " + exchange.path();
      Problem.of(404, "no-such-route", "no such route", detail).reply(exchange);
      return;
    }
    String method = exchange.request().method().name();
    if (!route.allows(method)) {
      refuseMethod(exchange);
      return;
    }
    String client = exchange.request().getHeader(CLIENT_FIELD);
    if (client != null) {
      exchange.client(requireClient(client));
    }
    handle(exchange, route, method);
  }

  private void handle(Exchange exchange, Route route, String method) {
    switch (route) {
      case KEY -> key.handle(exchange, key(exchange), method);
      case METADATA -> key.metadata(exchange, key(exchange));
      case POP -> actions.pop(exchange, key(exchange));
      case INCREMENT -> actions.increment(exchange, key(exchange));
      case METRICS -> key.metrics(exchange, key(exchange));
      case LOCK -> actions.lock(exchange, key(exchange));
      case UNLOCK -> actions.unlock(exchange, key(exchange));
      case KEYS -> {
        if (method.equals("DELETE")) {
          keys.delete(exchange);
        } else {
          keys.list(exchange);
        }
      }
      case COUNT -> keys.count(exchange);
      case CLEAR_KEYS -> keys.clear(exchange);
      case STATS -> stats.handle(exchange);
      case BATCH -> batch.handle(exchange);
      case VERSION -> exchange.reply(version);
      case EVENTS -> events.handle(exchange);
      case PRUNE -> operator.prune(exchange);
      case READ_ONLY -> operator.readOnly(exchange);
      case SHUTDOWN -> operator.shutdown(exchange);
      case REGISTER -> operator.register(exchange);
      case SNAPSHOTS -> snapshots.all(exchange, method);
      case SNAPSHOT -> {
        if (operator.isOperator(exchange, OPERATORS_ONLY)) {
          String id = Route.snapshotSegment(exchange.path());
          if (method.equals("DELETE")) {
            snapshots.delete(exchange, id);
          } else {
            snapshots.export(exchange, id);
          }
        }
      }
      case SNAPSHOT_IMPORT -> {
        if (operator.isOperator(exchange, OPERATORS_ONLY)) {
          snapshots.take(exchange);
        }
      }
      case SNAPSHOT_RESTORE -> {
        if (operator.isOperator(exchange, OPERATORS_ONLY)) {
          snapshots.restore(exchange, Route.snapshotSegment(exchange.path()));
        }
      }
      default -> throw new IllegalStateException("no resource for " + route);
    }
  }

  private static String requireClient(String client) {
    boolean printable = !client.isEmpty() && client.length() <= CLIENT_CHARS_MAX;
    for (int i = 0; printable && i < client.length(); i++) {
      printable = client.charAt(i) >= ' ' && client.charAt(i) <= '~';
    }
    if (!printable) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "X-Client-Id: expected 1 to %d printable ASCII characters".formatted(CLIENT_CHARS_MAX));
    }
    if (client.equals(ReservedKeys.SYSTEM_CLIENT)) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "reserved client_id used");
    }
    return client;
  }

  private static byte[] key(Exchange exchange) {
    String segment = Route.keySegment(exchange.path());
    byte @Nullable [] key = PercentCodec.decodeStrict(segment);
    if (key == null) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "key '%s': an escape is incomplete".formatted(segment));
    }
    if (key.length == 0) {
      throw new MayflyException(ErrorCode.EMPTY_KEY, ErrorCode.EMPTY_KEY.summary());
    }
    exchange.key(key);
    return key;
  }

  /** Answers 405. */
  static void refuseMethod(Exchange exchange) {
    String allow = exchange.route().allow();
    exchange.response().putHeader(HttpHeaders.ALLOW, allow);
    String detail = "%s: expected %s".formatted(exchange.request().method().name(), allow);
    Problem.of(405, "method-not-allowed", "the method is not allowed", detail).reply(exchange);
  }

  /** Answers 412. */
  static void refuseCondition(Exchange exchange) {
    String detail = "the key is not, or not any more, what the request expects";
    new Problem(
            "precondition-failed", "the condition does not hold", 412, detail, null, exchange.key())
        .reply(exchange);
  }

  /** Tells the entry's modification revision. */
  static void putEtag(Exchange exchange, long revision) {
    exchange.response().putHeader(HttpHeaders.ETAG, "\"" + revision + "\"");
  }

  /** A small answer with one number in it. */
  static void replyNumber(Exchange exchange, String name, long number) {
    exchange.reply(200, Reply.JSON, Buffer.buffer("{\"" + name + "\":" + number + "}"));
  }
}
