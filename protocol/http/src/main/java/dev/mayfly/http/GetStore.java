package dev.mayfly.http;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.SetRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The GET-only store: all in the path and its query, whatever the method.
 *
 * <p>Safe for concurrent use; each exchange is confined to its event loop.
 */
final class GetStore implements Surface {
  private static final Reply SUCCESS = new Reply(200, Reply.TEXT_JSON, "{\"success\":true}");
  private static final Reply HEALTHY = new Reply(200, Reply.TEXT_JSON, "{\"status\":\"ok\"}");
  private static final Reply UNREADY =
      new Reply(503, Reply.TEXT_JSON, "{\"status\":\"unavailable\"}");
  private static final Reply MISSING = HttpErrors.getStore(ErrorCode.NOT_FOUND);
  private static final Reply EMPTY_KEY = HttpErrors.getStore(ErrorCode.EMPTY_KEY);
  private static final Reply KEY_TOO_LONG = HttpErrors.getStore(ErrorCode.KEY_TOO_LONG);
  private static final Reply VALUE_TOO_LONG = HttpErrors.getStore(ErrorCode.VALUE_TOO_LARGE);
  private static final Reply NO_KEY =
      new Reply(400, Reply.TEXT_JSON, "{\"error\":\"MISSING_KEY_PARAM\"}");
  private static final Reply NO_VALUE =
      new Reply(400, Reply.TEXT_JSON, "{\"error\":\"MISSING_VALUE_PARAM\"}");
  private static final Reply NOT_TEXT =
      new Reply(422, Reply.TEXT_JSON, "{\"error\":\"VALUE_NOT_TEXT\"}");

  private final Door door;
  private final HttpConfig config;

  GetStore(Door door) {
    this.door = door;
    this.config = door.config();
  }

  @Override
  public void refuse(Exchange exchange, ErrorCode code, String message) {
    exchange.reply(HttpErrors.getStore(code));
  }

  @Override
  public void handle(Exchange exchange) {
    switch (exchange.route()) {
      case GET -> get(exchange);
      case SET -> set(exchange);
      case IS -> is(exchange);
      case RM -> rm(exchange);
      case CLEAR ->
          new Sweeping(door, exchange, KeyFilter.ALL, false, keys -> exchange.reply(SUCCESS))
              .start();
      case GET_KEYS -> new GetStoreListing(door, exchange, true, false).start();
      case GET_VALUES -> new GetStoreListing(door, exchange, false, true).start();
      case GET_ALL -> new GetStoreListing(door, exchange, true, true).start();
      case STATUS -> status(exchange);
      case PING -> ping(exchange);
      case HEALTHCHECK -> exchange.reply(door.ready().getAsBoolean() ? HEALTHY : UNREADY);
      default -> replyUnknown(exchange);
    }
  }

  private void get(Exchange exchange) {
    byte[] key = key(exchange);
    if (key != null) {
      exchange.whenRoomFor(key, () -> get(exchange, key));
    }
  }

  private void get(Exchange exchange, byte[] key) {
    Entry entry = door.keyspace().read(ReadRequest.value(key), exchange.stamp());
    if (entry == null) {
      exchange.reply(MISSING);
    } else if (Utf8.isValid(entry.value())) {
      exchange.reply(200, Reply.TEXT_JSON, JsonText.quoted(entry.value()));
    } else {
      exchange.reply(NOT_TEXT);
    }
  }

  private void set(Exchange exchange) {
    byte[] key = key(exchange);
    if (key == null) {
      return;
    }
    byte[] sent = exchange.query().bytes("v");
    if (sent == null) {
      exchange.reply(NO_VALUE);
      return;
    }
    byte[] value = text(sent);
    if (Utf8.chars(value) > config.getStoreValueCharsMax()) {
      exchange.reply(VALUE_TOO_LONG);
      return;
    }
    SetRequest request = SetRequest.of(key, value, Lifespan.UNSTATED, config.getStoreRules());
    door.keyspace().apply(request, exchange.stamp());
    exchange.reply(SUCCESS);
  }

  private void is(Exchange exchange) {
    byte[] key = key(exchange);
    if (key != null) {
      Entry entry = door.keyspace().read(ReadRequest.metadata(key), exchange.stamp());
      exchange.reply(entry == null ? MISSING : SUCCESS);
    }
  }

  private void rm(Exchange exchange) {
    byte[] key = key(exchange);
    if (key != null) {
      boolean deleted = door.keyspace().apply(DeleteRequest.of(key), exchange.stamp()).deleted();
      exchange.reply(deleted ? SUCCESS : MISSING);
    }
  }

  /** The key that the request names; null once it is refused. */
  private byte @Nullable [] key(Exchange exchange) {
    byte[] sent = exchange.query().bytes("k");
    if (sent == null) {
      exchange.reply(NO_KEY);
      return null;
    }
    if (sent.length == 0) {
      exchange.reply(EMPTY_KEY);
      return null;
    }
    byte[] key = text(sent);
    if (Utf8.chars(key) > config.getStoreKeyCharsMax()) {
      exchange.reply(KEY_TOO_LONG);
      return null;
    }
    exchange.key(key);
    return key;
  }

  /** What was sent, as text: bytes that are none are replaced, as clients of this store expect. */
  private static byte[] text(byte[] sent) {
    return Utf8.isValid(sent) ? sent : Utf8.bytes(Utf8.text(sent));
  }

  private void status(Exchange exchange) {
    NodeDescription node = door.node().get();
    long keys = door.keyspace().count(KeyFilter.ALL, exchange.stamp());
    exchange.reply(
        200,
        Reply.TEXT_JSON,
        Json.buffer(
            out -> {
              out.writeStartObject();
              out.writeStringProperty("version", config.version());
              out.writeStringProperty("hostname", node.host());
              out.writeNumberProperty("port", node.port());
              out.writeNumberProperty("maxKeyLength", config.getStoreKeyCharsMax());
              out.writeNumberProperty("maxValueLength", config.getStoreValueCharsMax());
              out.writeNumberProperty("availableRecords", keys);
              out.writeEndObject();
            }));
  }

  /** The members of the cluster, which is this node. Nodes that the caller names are hints. */
  private void ping(Exchange exchange) {
    exchange.reply(200, Reply.TEXT_JSON, Json.buffer(out -> writeNodes(out, door.node().get())));
  }

  private static void writeNodes(JsonGenerator out, NodeDescription node) {
    out.writeStartObject();
    out.writeArrayPropertyStart("nodes");
    out.writeStartObject();
    out.writeStringProperty("host", node.host());
    out.writeNumberProperty("port", node.port());
    out.writeBooleanProperty("isDown", false);
    out.writeStringProperty("source", "init");
    out.writeEndObject();
    out.writeEndArray();
    out.writeEndObject();
  }

  static void replyUnknown(Exchange exchange) {
    String error = "No register handler for [" + exchange.path() + "]";
    exchange.reply(
        404,
        Reply.TEXT_JSON,
        Json.buffer(
            out -> {
              out.writeStartObject();
              out.writeStringProperty("error", error);
              out.writeEndObject();
            }));
  }
}
