package dev.mayfly.grpc;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which long work is done in steps, away from the event loops: works take turns, a
 * step at a time.
 *
 * <p>Safe for concurrent use. How many works there may be is bounded.
 */
final class Steps {
  private static final int THREADS = 2;
  private static final long END_SECONDS_MAX = 2;

  /** Work in steps. Confined to one thread at a time. */
  interface Work {
    /**
     * Does one step; throws nothing.
     *
     * @return whether there is more to do
     */
    boolean step();
  }

  private final int worksMax;
  private final AtomicInteger works = new AtomicInteger();
  private final ThreadPoolExecutor threads;

  Steps(int worksMax) {
    this.worksMax = worksMax;
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(worksMax),
            Thread.ofPlatform().daemon().name("mayfly-grpc-steps-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Begins a work.
   *
   * @throws MayflyException OVERLOADED when too many are under way
   */
  void begin(Work work) {
    if (works.incrementAndGet() > worksMax) {
      works.decrementAndGet();
      throw new MayflyException(
          ErrorCode.OVERLOADED,
          "%d listings and sweeps are under way: no more are taken".formatted(worksMax));
    }
    threads.execute(() -> run(work));
  }

  private void run(Work work) {
    boolean more = false;
    try {
      more = work.step();
    } finally {
      if (!more) {
        works.decrementAndGet();
      }
    }
    // Never refused: the queue has room for every work, and this one is not in it.
    if (more && !threads.isShutdown()) {
      threads.execute(() -> run(work));
    }
  }

  /**
   * Drops what is left, and waits for the end of the steps that run, for a moment at most.
   *
   * @return whether they have ended: else they may still read the store
   */
  boolean end() {
    threads.shutdownNow();
    try {
      return threads.awaitTermination(END_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
