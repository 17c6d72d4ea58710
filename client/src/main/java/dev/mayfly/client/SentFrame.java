package dev.mayfly.client;

import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A frame on its way, with those who wait for its answer. It ends once. */
final class SentFrame {
  private final CounterFrame frame;
  private final List<CounterClient.Waiting<?>> waiting;
  private final Runnable onEnd;
  private volatile @Nullable Future<?> timeout;

  SentFrame(CounterFrame frame, List<CounterClient.Waiting<?>> waiting, Runnable onEnd) {
    this.frame = frame;
    this.waiting = waiting;
    this.onEnd = onEnd;
  }

  CounterFrame frame() {
    return frame;
  }

  /** What ends it when no answer comes. */
  void timeout(Future<?> scheduled) {
    timeout = scheduled;
  }

  /** Ends it with what each operation was answered. */
  void complete(List<Object> results) {
    end();
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).complete(results.get(i));
    }
  }

  /** Ends it without an answer. */
  void fail(CounterException failure) {
    end();
    waiting.forEach(one -> one.complete(failure));
  }

  private void end() {
    Future<?> scheduled = timeout;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
    onEnd.run();
  }
}
