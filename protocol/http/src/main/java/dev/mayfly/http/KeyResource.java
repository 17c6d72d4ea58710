package dev.mayfly.http;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReadRequest.Part;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** {@code /v1/keys/{key}}: a value, raw, and what is known of it. Safe for concurrent use. */
final class KeyResource {
  static final Reply SUCCESS = new Reply(200, Reply.JSON, "{\"success\":true}");
  private static final Reply CREATED =
      new Reply(201, Reply.JSON, "{\"success\":true,\"is_new\":true}");
  private static final KeyMetrics NO_METRICS = new KeyMetrics(0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final Reply DELETED = new Reply(200, Reply.JSON, "{\"deleted\":true}");

  private final Door door;
  private final ValueReply values;

  KeyResource(Door door) {
    this.door = door;
    this.values = new ValueReply(door);
  }

  void handle(Exchange exchange, byte[] key, String method) {
    switch (method) {
      case "PUT" -> put(exchange, key);
      case "DELETE" -> delete(exchange, key);
      default -> get(exchange, key);
    }
  }

  private void get(Exchange exchange, byte[] key) {
    if (exchange.query().raw("version") != null) {
      HistoryRequest request = new HistoryRequest(key, Parameters.number(exchange, "version", 0));
      exchange.whenRoom(
          () -> door.keyspace().bounds().valueBytesMax(),
          () -> values.version(exchange, door.keyspace().history(request, exchange.stamp())));
      return;
    }
    exchange.whenRoomFor(
        key,
        () -> {
          Entry entry = door.read(ReadRequest.value(key), exchange.stamp());
          values.entry(exchange, requireFound(entry));
        });
  }

  static Entry requireFound(@Nullable Entry entry) {
    if (entry == null) {
      throw new MayflyException(ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.summary());
    }
    return entry;
  }

  private void put(Exchange exchange, byte[] key) {
    HttpServerRequest request = exchange.request();
    HttpConfig config = door.config();
    var condition = EntityTags.condition(request);
    var lifespan = Parameters.lifespan(exchange.query().text("lifespan"));
    long lockMillis = Parameters.lockMillis("lock", exchange.query().text("lock"));
    String contentType = MediaTypes.given(request.getHeader(HttpHeaders.CONTENT_TYPE));
    int bytesMax = Math.min(config.bodyBytesMax(), valueBytesMax());
    RequestBody.read(
        exchange,
        door,
        bytesMax,
        value -> {
          SetRequest set =
              new SetRequest(
                  key, value, contentType, condition, lifespan, lockMillis, false, config.rules());
          reply(exchange, door.keyspace().apply(set, exchange.stamp()));
        });
  }

  private int valueBytesMax() {
    return Math.min(
        door.config().rules().valueBytesMax(), door.keyspace().bounds().valueBytesMax());
  }

  private static void reply(Exchange exchange, SetResult result) {
    if (!result.applied()) {
      V1.refuseCondition(exchange);
      return;
    }
    V1.putEtag(exchange, result.revision());
    exchange.reply(result.created() ? CREATED : SUCCESS);
  }

  private void delete(Exchange exchange, byte[] key) {
    DeleteRequest request = new DeleteRequest(key, EntityTags.condition(exchange.request()), false);
    DeleteResult result = door.keyspace().apply(request, exchange.stamp());
    if (result.deleted()) {
      exchange.reply(DELETED);
    } else if (result.existed()) {
      V1.refuseCondition(exchange);
    } else {
      requireFound(null);
    }
  }

  /** How the key was used; all zero where that is not kept. */
  void metrics(Exchange exchange, byte[] key) {
    ReadRequest request = new ReadRequest(key, Part.METADATA, 0, -1, false, true, false);
    KeyMetrics kept = requireFound(door.read(request, exchange.stamp())).metrics();
    KeyMetrics metrics = kept == null ? NO_METRICS : kept;
    exchange.reply(200, Reply.JSON, Json.buffer(out -> MetadataJson.write(out, metrics)));
  }

  /** What is known of the key. The hash is the value's, so the value is read in any case. */
  void metadata(Exchange exchange, byte[] key) {
    boolean valueWanted = Parameters.flag(exchange, "value");
    boolean metricsWanted = Parameters.flag(exchange, "metrics");
    if (valueWanted) {
      exchange.whenRoomFor(key, () -> metadata(exchange, key, true, metricsWanted));
    } else {
      metadata(exchange, key, false, metricsWanted);
    }
  }

  private void metadata(Exchange exchange, byte[] key, boolean valueWanted, boolean metricsWanted) {
    ReadRequest request =
        new ReadRequest(key, Part.VALUE, 0, -1, valueWanted, metricsWanted, valueWanted);
    Entry entry = requireFound(door.read(request, exchange.stamp()));
    Buffer body =
        Json.buffer(out -> MetadataJson.write(out, key, entry, valueWanted, door.time().millis()));
    V1.putEtag(exchange, entry.revision());
    exchange.reply(200, Reply.JSON, body);
  }
}
