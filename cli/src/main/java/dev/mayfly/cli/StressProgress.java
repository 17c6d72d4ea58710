package dev.mayfly.cli;

import dev.mayfly.stress.StressPlan;
import dev.mayfly.stress.StressRun;
import dev.mayfly.stress.StressStatus;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What is said while a load runs: on a terminal one line that is drawn anew, elsewhere a line for
 * each thousand answers, at most ten a second.
 *
 * <p>Owns a thread from {@link #start} to {@link #close}.
 */
final class StressProgress implements AutoCloseable {
  private static final long TICK_MILLIS = 100;
  private static final long LINE_OPERATIONS = 1000;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Diagnostics diagnostics;
  private final StressRun run;
  private final boolean isTerminal;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private long told;

  StressProgress(Diagnostics diagnostics, StressRun run, boolean isTerminal) {
    this.diagnostics = diagnostics;
    this.run = run;
    this.isTerminal = isTerminal;
    thread = Thread.ofPlatform().daemon().name("mayfly-progress").unstarted(this::tick);
  }

  /** Says what is about to be run, and begins to tell how far it is. */
  void start(StressPlan plan) {
    Long amount = plan.pace().amount();
    Double rate = plan.pace().rate();
    StringBuilder text = new StringBuilder("Stress test with:\n");
    text.append(" - Requests: ").append(amount == null ? "no bound" : amount).append('\n');
    text.append(" - Connections: ").append(plan.connections()).append('\n');
    text.append(" - Server: ").append(plan.door().word()).append(' ').append(plan.address());
    if (rate != null) {
      text.append(String.format(Locale.ROOT, "%n - Rate: %,.0f a second", rate));
    }
    diagnostics.raw(text.append("\n\n==================\n\n").toString());
    if (!isTerminal) {
      diagnostics.raw("[<] Left Requests / [!] Errors / [^] Success\n\n");
    }
    thread.start();
  }

  private void tick() {
    try {
      while (!closing.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        say(false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(boolean isLast) {
    StressStatus status = run.status();
    if (isTerminal) {
      diagnostics.raw(CLEAR_LINE + line(status) + (isLast ? "\n" : ""));
      return;
    }
    long thousands = (status.done() + status.errors()) / LINE_OPERATIONS;
    if (thousands > told || isLast) {
      told = thousands;
      diagnostics.raw(counts(status) + "\n");
    }
  }

  private static String counts(StressStatus status) {
    String left = status.left() < 0 ? "-" : String.valueOf(status.left());
    return "[<] %s / [!] %d / [^] %d".formatted(left, status.errors(), status.done());
  }

  private static String line(StressStatus status) {
    return counts(status)
        + String.format(
            Locale.ROOT, "  %,.0f/s, p99 %.2f ms", status.rate(), status.p99Nanos() / 1e6);
  }

  /** Tells where it ended. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    say(true);
    diagnostics.raw("\n==================\n\n");
  }
}
