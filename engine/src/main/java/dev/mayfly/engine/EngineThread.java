package dev.mayfly.engine;

import dev.mayfly.store.TimeSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread that goes from round to round until it is stopped.
 *
 * <p>A round that fails is logged, and the next one follows after a second: the fault of one key
 * must not keep all others from ending. Safe for concurrent use.
 */
final class EngineThread {
  private static final Logger LOG = System.getLogger(EngineThread.class.getName());
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final TimeSource time;
  private final Runnable round;
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * Starts it.
   *
   * @param round works for a while, then sleeps until there is more to do; {@link #wake} and {@link
   *     #stop} end that sleep early
   */
  EngineThread(String name, TimeSource time, Runnable round) {
    this.time = time;
    this.round = round;
    thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  private void run() {
    while (!stopped) {
      try {
        round.run();
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "a round failed thread=" + Thread.currentThread().getName(), e);
        pause();
      }
    }
  }

  private void pause() {
    long start = time.nanos();
    long left = start + PAUSE_NANOS - time.nanos();
    while (left > 0 && !stopped) {
      LockSupport.parkNanos(this, left);
      left = start + PAUSE_NANOS - time.nanos();
    }
  }

  /** Ends its sleep, or keeps it from the next one. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Lets the round that is under way be the last, and returns when that is over, however often the
   * caller is interrupted: what the thread works on may be unmapped then.
   */
  void stop() {
    stopped = true;
    wake();
    awaitEnd(thread);
  }

  /** Returns when a thread has ended; at once on that very thread. */
  static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive() && !thread.equals(Thread.currentThread())) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
