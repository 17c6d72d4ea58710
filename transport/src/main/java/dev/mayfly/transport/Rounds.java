package dev.mayfly.transport;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The rounds of an event loop: in each it serves the input that is there, then runs tasks.
 * Stateless.
 */
public final class Rounds {
  private static final System.Logger LOG = System.getLogger(Rounds.class.getName());

  private Rounds() {}

  /**
   * Runs a part of a longer work in the loop's next round, so that input is served between the
   * parts. A task that is executed is no such thing: Netty runs tasks, and what they execute, for
   * up to a second before it looks at input again. From any thread.
   */
  public static void runNext(EventExecutor loop, Runnable part) {
    // What is scheduled is taken up only where tasks begin to be run.
    var _ = loop.schedule(() -> run(part), 0, TimeUnit.NANOSECONDS);
  }

  /** A scheduled task would keep its failure to itself. */
  @SuppressWarnings("PMD.AvoidCatchingThrowable") // as Netty does for what is executed
  private static void run(Runnable part) {
    try {
      part.run();
    } catch (Throwable e) {
      LOG.log(System.Logger.Level.ERROR, "a task failed", e);
    }
  }
}
