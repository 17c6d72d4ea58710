package dev.mayfly.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The works of requests that take as long as they take, each on a thread of its own: a stop of the
 * door waits for their end, since they read what is closed after it.
 *
 * <p>Safe for concurrent use. Whoever asks for one bounds how many there are.
 */
final class BlockingWorks {
  private final Vertx vertx;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final Promise<Void> ended = Promise.promise();
  private final Phaser underWay =
      new Phaser(1) {
        @Override
        protected boolean onAdvance(int phase, int registered) {
          ended.complete();
          return true;
        }
      };

  BlockingWorks(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Begins one; the answer comes on the event loop that asks. None begins after {@link #end}. */
  <R> Future<R> begin(Callable<R> work) {
    if (underWay.register() < 0) {
      return Future.failedFuture(LongRequests.stopping());
    }
    return vertx.executeBlocking(() -> run(work), false).map(Objects::requireNonNull);
  }

  private <R> R run(Callable<R> work) throws Exception {
    try {
      return work.call();
    } finally {
      underWay.arriveAndDeregister();
    }
  }

  /** Begins no more of them; done when those under way have ended. */
  Future<Void> end() {
    if (ending.compareAndSet(false, true)) {
      underWay.arriveAndDeregister();
    }
    return ended.future();
  }
}
