package dev.mayfly.stress;

import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of a load.
 *
 * <p>{@link #run} is called once and blocks; the other methods may be called from any thread
 * meanwhile. Each loop is a virtual thread that lives until the run ends, and owns its connection.
 */
public final class StressRun {
  private final StressPlan plan;
  private final TimeSource time;
  private final LoadClock clock;
  private final Tally tally = new Tally();
  private volatile boolean isStopped;
  private volatile @Nullable Schedule schedule;
  private volatile @Nullable Timeline timeline;

  /** A run that has not begun. */
  public StressRun(StressPlan plan) {
    this.plan = plan;
    time = new SystemTime();
    clock = LoadClock.of(time);
  }

  /**
   * Asks the server for one key, then puts the load on it.
   *
   * @throws IOException if the server does not answer, or refuses the first question
   * @throws InterruptedException if this thread was interrupted; the loops are ending then
   */
  public StressReport run() throws IOException, InterruptedException {
    try (Lines lines = Lines.of(plan)) {
      Workload workload = plan.workload();
      KeyPicker picker = KeyPicker.of(workload.distribution(), workload.keys());
      byte[] pool = Operations.pool(workload);
      ask(lines, new Operations(workload, picker, pool));
      long startMillis = time.millis();
      Schedule begun = new Schedule(plan.pace(), plan.timeout(), clock);
      Timeline seen = new Timeline(tally, begun.countedNanos());
      timeline = seen;
      schedule = begun;
      if (isStopped) {
        begun.stop();
      }
      List<Worker> workers = new ArrayList<>();
      for (int i = 0; i < plan.connections(); i++) {
        Operations own = new Operations(workload, picker, pool);
        workers.add(new Worker(lines, begun, own, tally, clock, plan.pipeline()));
      }
      try {
        await(workers, seen);
      } catch (InterruptedException e) {
        begun.stop();
        throw e;
      }
      return new StressReport(plan, startMillis, begun, seen, tally, clock.nanos());
    }
  }

  private void await(List<Worker> workers, Timeline seen) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(workers.size());
    for (Worker worker : workers) {
      Thread.ofVirtual()
          .name("mayfly-stress")
          .start(
              () -> {
                try {
                  worker.run();
                } finally {
                  running.countDown();
                }
              });
    }
    while (!running.await(Timeline.STEP_NANOS, TimeUnit.NANOSECONDS)) {
      seen.look(clock.nanos());
    }
    seen.look(clock.nanos());
  }

  /** A load on a server that does not answer would only count failures. */
  private void ask(Lines lines, Operations operations) throws IOException {
    Operation first = operations.operation(0);
    Refusal refusal = new Refusal();
    try (Line line = lines.open()) {
      line.exchange(List.of(new Operation(true, first.key(), new byte[0])), refusal);
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(plan.address(), e.getMessage()), e);
    }
    if (refusal.why != null) {
      throw new IOException(
          "%s refuses to be asked for a key: %s".formatted(plan.address(), refusal.why));
    }
  }

  private static final class Refusal implements Answers {
    private @Nullable String why;

    @Override
    public void onDone(int index) {
      why = null;
    }

    @Override
    public void onMissing(int index) {
      why = null;
    }

    @Override
    public void onRefused(int index, String reason) {
      why = reason;
    }
  }

  /** Sends nothing more: {@link #run} ends when what was sent is answered. */
  public void stop() {
    isStopped = true;
    Schedule begun = schedule;
    if (begun != null) {
      begun.stop();
    }
  }

  /** How far it is. */
  public StressStatus status() {
    long done = tally.doneCount() + tally.warmupDoneCount();
    long errors = tally.errorCount() + tally.warmupErrorCount();
    Schedule begun = schedule;
    Timeline seen = timeline;
    long total = begun == null ? Long.MAX_VALUE : begun.total();
    long left = total == Long.MAX_VALUE ? -1 : Math.max(0, total - done - errors);
    Interval last = seen == null ? null : seen.last();
    return new StressStatus(
        left, done, errors, last == null ? 0 : last.rate(), last == null ? 0 : last.p99Nanos());
  }
}
