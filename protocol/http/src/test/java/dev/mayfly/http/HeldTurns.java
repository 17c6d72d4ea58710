package dev.mayfly.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
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
 * Event loops on which nothing that asks for the next round gets it before a test says so. Safe for
 * concurrent use.
 */
final class HeldTurns {
  private record Turn(Context context, Runnable work) {}

  /** What stands between a caller and something: null where it has nothing to say. */
  @FunctionalInterface
  private interface Between {
    @Nullable Object result(String method, Object @Nullable [] arguments);
  }

  private static final ScheduledFuture<?> NEVER =
      (ScheduledFuture<?>)
          Proxy.newProxyInstance(
              ScheduledFuture.class.getClassLoader(),
              new Class<?>[] {ScheduledFuture.class},
              (self, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  private final Vertx vertx = Vertx.vertx();
  private final Queue<Turn> held = new ConcurrentLinkedQueue<>();

  /** The event loops; whoever has them closes them. */
  Vertx vertx() {
    return between(
        Vertx.class,
        vertx,
        (method, arguments) ->
            method.equals("getOrCreateContext")
                ? context((ContextInternal) vertx.getOrCreateContext())
                : null);
  }

  private ContextInternal context(ContextInternal real) {
    return between(
        ContextInternal.class,
        real,
        (method, arguments) ->
            method.equals("nettyEventLoop") ? loop(real.nettyEventLoop(), real) : null);
  }

  private EventLoop loop(EventLoop real, Context context) {
    return between(EventLoop.class, real, (method, arguments) -> hold(method, arguments, context));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // It is returned to who asked.
  private @Nullable Object hold(String method, Object @Nullable [] arguments, Context context) {
    if (arguments == null
        || !method.equals("schedule")
        || !(arguments[0] instanceof Runnable work)) {
      return null;
    }
    held.add(new Turn(context, work));
    return NEVER;
  }

  private static <T> T between(Class<T> type, T real, Between between) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> invoke(real, method, arguments, between)));
  }

  private static @Nullable Object invoke(
      Object real, Method method, Object @Nullable [] arguments, Between between) throws Throwable {
    Object result = between.result(method.getName(), arguments);
    if (result != null) {
      return result;
    }
    try {
      return method.invoke(real, arguments);
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
              turn.work().run();
              done.countDown();
            });
    if (!done.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the turn did not end");
    }
  }
}
