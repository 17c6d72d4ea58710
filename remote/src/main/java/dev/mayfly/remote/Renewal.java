package dev.mayfly.remote;

import dev.mayfly.store.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps something alive that ends by itself: renews it three times in its length, tries again where
 * that fails, and tells when it is lost.
 *
 * <p>What is held is held for its length from the moment at which the last successful request was
 * <em>sent</em>: the store's own deadline is never earlier. Safe for concurrent use.
 */
final class Renewal {
  private static final int TIMES = 3;
  private static final int TRIES = 10;

  private final long lengthNanos;
  private final TimeSource time;
  private final ScheduledExecutorService timer;
  private final Set<Runnable> endings;
  private final Runnable ending = this::onStoreClosed;
  private final Supplier<? extends CompletableFuture<?>> renewing;
  private final CompletableFuture<String> lost = new CompletableFuture<>();
  private long heldUntilNanos;
  private boolean stopped;
  private @Nullable Future<?> next;

  /**
   * A renewal that goes on until it is stopped.
   *
   * @param sentNanos when what is held was asked for
   * @param endings what is run when the store is closed
   * @param renewing asks for another length; fails where it was refused
   */
  Renewal(
      Duration length,
      long sentNanos,
      TimeSource time,
      ScheduledExecutorService timer,
      Set<Runnable> endings,
      Supplier<? extends CompletableFuture<?>> renewing) {
    lengthNanos = length.toNanos();
    this.time = time;
    this.timer = timer;
    this.endings = endings;
    this.renewing = renewing;
    heldUntilNanos = sentNanos + lengthNanos;
  }

  void begin() {
    endings.add(ending);
    schedule(lengthNanos / TIMES);
  }

  private synchronized void schedule(long nanos) {
    if (stopped) {
      return;
    }
    long left = Math.max(0, heldUntilNanos - time.nanos());
    try {
      next = timer.schedule(this::renew, Math.min(nanos, left), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      onStoreClosed();
    }
  }

  private void onStoreClosed() {
    lose("the store was closed");
  }

  private void renew() {
    long sent = time.nanos();
    synchronized (this) {
      if (stopped) {
        return;
      }
      if (sent - heldUntilNanos >= 0) {
        lose("it could not be renewed in time");
        return;
      }
    }
    CompletableFuture<?> reply = renewing.get();
    // Whatever becomes of the request, the end must be noticed.
    CompletableFuture<?> _ =
        reply
            .copy()
            .orTimeout(lengthNanos / TIMES, TimeUnit.NANOSECONDS)
            .whenComplete((held, failure) -> onReply(sent, failure));
  }

  private void onReply(long sentNanos, @Nullable Throwable failure) {
    if (failure == null) {
      synchronized (this) {
        heldUntilNanos = Math.max(heldUntilNanos, sentNanos + lengthNanos);
      }
      schedule(lengthNanos / TIMES);
    } else if (cause(failure) instanceof RemoteException refused && isFinal(refused)) {
      lose(String.valueOf(refused.getMessage()));
    } else {
      schedule(lengthNanos / TRIES);
    }
  }

  private static @Nullable Throwable cause(Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  /** Whether the store has answered, and to try again is of no use. */
  private static boolean isFinal(RemoteException refused) {
    return switch (refused.code()) {
      case NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT, UNAUTHENTICATED, OUT_OF_RANGE -> true;
      default -> false;
    };
  }

  private synchronized void lose(String reason) {
    if (stop()) {
      CompletableFuture<?> _ = lost.completeAsync(() -> reason);
    }
  }

  /** Whether it is held now, as far as can be known here. */
  synchronized boolean isHeld() {
    return !stopped && heldUntilNanos - time.nanos() > 0;
  }

  /** Completes with the reason when it is lost; never, when it is given back. */
  CompletableFuture<String> lost() {
    return lost.copy();
  }

  /**
   * Renews no more.
   *
   * @return whether it went on until now
   */
  synchronized boolean stop() {
    boolean was = !stopped;
    stopped = true;
    endings.remove(ending);
    if (next != null) {
      next.cancel(false);
    }
    return was;
  }
}
