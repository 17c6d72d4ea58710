package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.PruneRequest;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an operator does: prune, refuse writes, stop the server; and registration, which anybody
 * may. Safe for concurrent use.
 */
final class OperatorResource {
  private static final int PRUNES_MAX = 2;

  private final Door door;
  private final AtomicInteger prunes = new AtomicInteger();

  OperatorResource(Door door) {
    this.door = door;
  }

  /** Prunes on a thread of its own, since that takes as long as it takes. */
  void prune(Exchange exchange) {
    if (!isOperator(exchange, "missing or invalid client ID for admin function")) {
      return;
    }
    if (exchange.query().raw("to") == null) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "to: expected how many keys to leave");
    }
    PruneRequest request =
        new PruneRequest(Parameters.count(exchange, "to"), exchange.query().all("ignore"));
    if (prunes.incrementAndGet() > PRUNES_MAX) {
      prunes.decrementAndGet();
      throw new MayflyException(ErrorCode.OVERLOADED, "other prunes are under way");
    }
    door.works()
        .begin(() -> door.keyspace().prune(request, exchange.stamp()))
        .onComplete(
            pruned -> {
              prunes.decrementAndGet();
              // The thread that pruned was another.
              door.store().durability().seeAll();
              exchange.attempt(() -> V1.replyNumber(exchange, "pruned", pruned));
            },
            failure -> {
              prunes.decrementAndGet();
              exchange.attempt(() -> rethrow(failure));
            });
  }

  static void rethrow(Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    throw new MayflyException(ErrorCode.INTERNAL, "the work failed", failure);
  }

  void readOnly(Exchange exchange) {
    if (door.config().privilegedClientId().isEmpty()) {
      Problem.of(403, "not-authorized", "not authorized", "privileged client ID not set")
          .reply(exchange);
      return;
    }
    if (!isOperator(exchange, "not authorized")) {
      return;
    }
    if (exchange.query().raw("enable") == null) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "enable: expected true or false");
    }
    door.keyspace().readOnly(Parameters.flag(exchange, "enable"));
    exchange.reply(KeyResource.SUCCESS);
  }

  void shutdown(Exchange exchange) {
    if (isOperator(exchange, "missing or invalid client ID for admin function")) {
      exchange
          .reply(200, Reply.JSON, Buffer.buffer("{}"))
          .onComplete(sent -> door.onShutdown().run());
    }
  }

  void register(Exchange exchange) {
    if (door.keyspace().register(exchange.stamp().client())) {
      exchange.reply(KeyResource.SUCCESS);
    } else {
      Problem.of(409, "already-registered", "already registered", "already registered")
          .reply(exchange);
    }
  }

  /** Whether the caller may do an operator's work; otherwise it was refused. */
  boolean isOperator(Exchange exchange, String refusal) {
    String operator = door.config().privilegedClientId();
    if (!operator.isEmpty() && operator.equals(exchange.stamp().client())) {
      return true;
    }
    Problem.of(403, "not-authorized", "not authorized", refusal).reply(exchange);
    return false;
  }
}
