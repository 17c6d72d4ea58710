package dev.mayfly.http;

import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.SetRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The JSON cache: objects by key, one shared space. A POST of the very object that is there, in the
 * same order of names, changes nothing.
 *
 * <p>Safe for concurrent use; each exchange is confined to its event loop.
 */
final class JsonCache implements Surface {
  private static final String JSON = "application/json";
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final CharSequence CACHE_CONTROL =
      HttpHeaders.createOptimized("max-age=0, private, must-revalidate");
  private static final Reply EMPTY = new Reply(200, Reply.JSON_UTF8, "{}");
  private static final Reply BAD_KEY = HttpErrors.jsonCache(ErrorCode.EMPTY_KEY);
  private static final Reply INCOMPLETE = message(400, "key and data are required");
  private static final Reply NO_OBJECT = message(400, "data must be a JSON object");
  private static final Reply STRANGE_VALUE = message(409, "value is not a JSON object");

  private final Door door;

  JsonCache(Door door) {
    this.door = door;
  }

  private static Reply message(int status, String message) {
    return new Reply(status, Reply.JSON_UTF8, "{\"message\":\"" + message + "\"}");
  }

  @Override
  public void refuse(Exchange exchange, ErrorCode code, String message) {
    if (code != ErrorCode.ARGUMENT_INVALID) {
      exchange.reply(HttpErrors.jsonCache(code));
      return;
    }
    Buffer body =
        Json.buffer(
            out -> {
              out.writeStartObject();
              out.writeStringProperty("message", message);
              out.writeEndObject();
            });
    exchange.reply(HttpErrors.jsonCache(code).status(), Reply.JSON_UTF8, body);
  }

  @Override
  public void handle(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    exchange.response().putHeader(REQUEST_ID, RequestId.of(request.getHeader(REQUEST_ID)));
    exchange.response().putHeader(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL);
    if (exchange.route() == Route.ROOT) {
      root(exchange);
      return;
    }
    switch (request.method().name()) {
      case "GET", "HEAD" -> get(exchange);
      case "POST" -> post(exchange);
      case "DELETE" -> delete(exchange);
      default -> GetStore.replyUnknown(exchange);
    }
  }

  private void root(Exchange exchange) {
    String accept = exchange.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.contains("text/html")) {
      exchange.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
      exchange.reply(200, Reply.HTML, StatusPage.of(door, exchange.stamp()));
    } else {
      exchange.reply(EMPTY);
    }
  }

  private void get(Exchange exchange) {
    byte[] key = queryKey(exchange);
    if (key != null) {
      exchange.whenRoomFor(key, () -> get(exchange, key));
    }
  }

  private void get(Exchange exchange, byte[] key) {
    Entry entry = door.keyspace().read(ReadRequest.value(key), exchange.stamp());
    if (entry == null) {
      replyData(exchange, head(key), Buffer.buffer("null"));
    } else if (JsonCopy.isObject(entry.value())) {
      replyData(exchange, head(key), Buffer.buffer(entry.value()));
    } else {
      exchange.reply(STRANGE_VALUE);
    }
  }

  private void delete(Exchange exchange) {
    byte[] key = queryKey(exchange);
    if (key != null) {
      boolean deleted = door.keyspace().apply(DeleteRequest.of(key), exchange.stamp()).deleted();
      exchange.reply(200, Reply.JSON_UTF8, Buffer.buffer("{\"deleted\":" + deleted + "}"));
    }
  }

  private static byte @Nullable [] queryKey(Exchange exchange) {
    byte[] key = exchange.query().bytes("key");
    if (key == null) {
      exchange.reply(INCOMPLETE);
      return null;
    }
    return requireKey(exchange, Utf8.decode("key", key));
  }

  /** The bytes of a key; null once it is refused. */
  private static byte @Nullable [] requireKey(Exchange exchange, @Nullable String key) {
    if (key == null || key.isEmpty() || key.equals("null")) {
      exchange.reply(BAD_KEY);
      return null;
    }
    byte[] bytes = Utf8.encode("key", key);
    exchange.key(bytes);
    return bytes;
  }

  private void post(Exchange exchange) {
    String type = exchange.request().getHeader(HttpHeaders.CONTENT_TYPE);
    RequestBody.read(
        exchange,
        door,
        door.config().bodyBytesMax(),
        body -> put(exchange, decode(exchange, type == null ? JSON : type, body)));
  }

  private static CachePost decode(Exchange exchange, String contentType, byte[] body) {
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    String lowerCase = type.strip().toLowerCase(Locale.ROOT);
    if (lowerCase.equals(JSON) || lowerCase.endsWith("+json")) {
      return CachePost.ofJson(body);
    }
    FormFields fields = new FormFields();
    fields.addEncoded(exchange.query().raw());
    if (lowerCase.equals("application/x-www-form-urlencoded")) {
      fields.addEncoded(body);
    } else if (lowerCase.equals("multipart/form-data")) {
      MultipartCodec.decode(contentType, body, fields);
    }
    return fields.post();
  }

  private void put(Exchange exchange, CachePost post) {
    if (!post.keyGiven() || !post.dataGiven()) {
      exchange.reply(INCOMPLETE);
      return;
    }
    byte[] key = requireKey(exchange, post.key());
    if (key == null) {
      return;
    }
    byte[] data = post.data();
    if (data == null) {
      exchange.reply(NO_OBJECT);
      return;
    }
    SetRequest request =
        new SetRequest(
            key,
            data,
            JSON,
            Condition.ALWAYS,
            post.lifespan(),
            0,
            false,
            door.config().jsonCacheRules());
    exchange.whenRoom(
        () -> data.length,
        () -> {
          door.keyspace().apply(request, exchange.stamp());
          replyData(exchange, Buffer.buffer("{"), Buffer.buffer(data));
        });
  }

  /** The answer to a GET up to its data. */
  private Buffer head(byte[] key) {
    Buffer object =
        Json.buffer(
            out -> {
              out.writeStartObject();
              out.writeName("key");
              out.writeUTF8String(key, 0, key.length);
              out.writeStringProperty("node", door.node().get().name());
              out.writeEndObject();
            });
    return object.slice(0, object.length() - 1).copy().appendString(",");
  }

  private static void replyData(Exchange exchange, Buffer head, Buffer data) {
    Buffer body = head.appendString("\"data\":").appendBuffer(data).appendString("}");
    exchange.reply(200, Reply.JSON_UTF8, body);
  }
}
