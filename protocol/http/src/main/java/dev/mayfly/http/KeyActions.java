package dev.mayfly.http;

import dev.mayfly.store.Entry;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.UnlockRequest;
import io.vertx.core.buffer.Buffer;

/** What is done to a key, other than to put, get and delete it. Safe for concurrent use. */
final class KeyActions {
  private final Door door;
  private final ValueReply values;

  KeyActions(Door door) {
    this.door = door;
    this.values = new ValueReply(door);
  }

  void pop(Exchange exchange, byte[] key) {
    exchange.whenRoomFor(
        key,
        () -> {
          Entry entry = door.keyspace().apply(new PopRequest(key), exchange.stamp());
          values.lastCopy(exchange, KeyResource.requireFound(entry));
        });
  }

  void increment(Exchange exchange, byte[] key) {
    long by = Parameters.number(exchange, "by", 1);
    Lifespan lifespan = Parameters.lifespan(exchange.query().text("lifespan"));
    IncrementRequest request = new IncrementRequest(key, by, lifespan, door.config().rules());
    NumberResult result = door.keyspace().apply(request, exchange.stamp());
    V1.putEtag(exchange, result.revision());
    V1.replyNumber(exchange, "value", result.number());
  }

  void lock(Exchange exchange, byte[] key) {
    long millis = Parameters.lockMillis("duration", exchange.query().text("duration"));
    boolean create = Parameters.flag(exchange, "create");
    boolean extend = Parameters.flag(exchange, "extend");
    LockRequest request = new LockRequest(key, millis, create, extend, door.config().rules());
    long waitMillis = Parameters.waitMillis(exchange.query().text("wait"));
    if (waitMillis > 0) {
      new LockWait(door, exchange, request, KeyActions::reply).start(waitMillis);
    } else {
      reply(exchange, door.keyspace().apply(request, exchange.stamp()));
    }
  }

  private static void reply(Exchange exchange, LockResult result) {
    V1.putEtag(exchange, result.revision());
    String body = "{\"success\":true,\"token\":" + result.token() + "}";
    exchange.reply(200, Reply.JSON, Buffer.buffer(body));
  }

  void unlock(Exchange exchange, byte[] key) {
    long token = Parameters.count(exchange, "token");
    door.keyspace().apply(new UnlockRequest(key, token), exchange.stamp());
    exchange.reply(KeyResource.SUCCESS);
  }
}
