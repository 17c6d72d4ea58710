package dev.mayfly.counter;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where listings are made, which may take long: one thread and a short queue. Safe for concurrent
 * use.
 */
final class Listings implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Listings.class.getName());
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

  /** Waits for the end of the one being made, whose counters may be closed after this. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "a listing of counters did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
