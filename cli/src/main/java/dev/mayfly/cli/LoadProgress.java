package dev.mayfly.cli;

import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * The progress bar of a load on a terminal: one line that is drawn anew ten times a second.
 *
 * <p>Owns a thread from {@link #start} to {@link #close}.
 */
final class LoadProgress implements AutoCloseable {
  private static final int BAR_CHARS = 30;
  private static final long TICK_MILLIS = 100;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Diagnostics diagnostics;
  private final LoadTally tally;
  private final DoubleSupplier fraction;
  private final InstantSource clock;
  private final long startMillis;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /**
   * A bar, not yet drawn.
   *
   * @param fraction of the work that is done, 0 to 1; negative if that is not known
   */
  LoadProgress(
      Diagnostics diagnostics, LoadTally tally, DoubleSupplier fraction, InstantSource clock) {
    this.diagnostics = diagnostics;
    this.tally = tally;
    this.fraction = fraction;
    this.clock = clock;
    this.startMillis = clock.millis();
    this.thread = Thread.ofPlatform().daemon().name("mayfly-progress").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closing.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        diagnostics.raw(CLEAR_LINE + line());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the line says now. */
  String line() {
    long millis = Math.max(1, clock.millis() - startMillis);
    long rate = tally.done() * 1000 / millis;
    StringBuilder line = new StringBuilder();
    double part = fraction.getAsDouble();
    if (part >= 0) {
      int full = (int) (Math.min(1, part) * BAR_CHARS);
      line.append('[').repeat('#', full).repeat('.', BAR_CHARS - full).append("] ");
      line.append((int) (Math.min(1, part) * 100)).append("% ");
    }
    line.append(String.format(Locale.ROOT, "%,d keys, %,d/s", tally.done(), rate));
    long failures = tally.failures();
    return failures == 0
        ? line.toString()
        : line.append(String.format(Locale.ROOT, ", %,d failed", failures)).toString();
  }

  /** Draws the last line and leaves it standing. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    diagnostics.raw(CLEAR_LINE + line() + "\n");
  }
}
