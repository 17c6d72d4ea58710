package dev.mayfly.counter;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where listings are made, which may take long: one thread and a short queue. Safe for concurrent
 * use.
 */
final class Listings {
  private static final int WAITING_MAX = 64;
  private static final long CLOSE_SECONDS = 2;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().daemon().name("mayfly-counter-listing").factory());

  /** Returns whether there was room for it. */
  boolean tryRun(Runnable listing) {
    try {
      thread.execute(listing);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /**
   * Drops those that wait, and waits for the end of the one being made, for a moment at most.
   *
   * @return whether it has ended: else it still reads the counters
   */
  boolean end() {
    thread.shutdownNow();
    try {
      return thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
