package dev.mayfly.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Event loops on which nothing that asks for a later turn gets it before a test says so. Safe for
 * concurrent use.
 */
final class HeldTurns {
  private record Turn(Context context, Handler<Void> work) {}

  private final Vertx vertx = Vertx.vertx();
  private final Queue<Turn> held = new ConcurrentLinkedQueue<>();

  /** The event loops; whoever has them closes them. */
  Vertx vertx() {
    return (Vertx)
        Proxy.newProxyInstance(
            Vertx.class.getClassLoader(),
            new Class<?>[] {Vertx.class},
            (self, method, arguments) -> invoke(method, arguments));
  }

  @SuppressWarnings("unchecked") // The method's own parameter.
  private @Nullable Object invoke(Method method, Object @Nullable [] arguments) throws Throwable {
    if (arguments != null && method.getName().equals("runOnContext")) {
      held.add(new Turn(vertx.getOrCreateContext(), (Handler<Void>) arguments[0]));
      return null;
    }
    try {
      return method.invoke(vertx, arguments);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  /** How many wait for their turn. */
  int held() {
    return held.size();
  }

  /** Gives its turn to whoever has waited longest, and returns when that is over. */
  void giveOne() throws InterruptedException {
    Turn turn = held.remove();
    CountDownLatch done = new CountDownLatch(1);
    turn.context()
        .runOnContext(
            now -> {
              turn.work().handle(null);
              done.countDown();
            });
    if (!done.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the turn did not end");
    }
  }
}
