package dev.mayfly.stress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A loop: claims operations, sends them, waits for the answers. Confined to its thread. */
final class Worker implements Runnable, Answers {
  /** How long a loop keeps away from a server that it could not reach. */
  private static final long PAUSE_NANOS = 100_000_000;

  private final Lines lines;
  private final Schedule schedule;
  private final Operations operations;
  private final Tally tally;
  private final LoadClock clock;
  private final int batchMax;
  private final Schedule.Claim claim;
  private final List<Operation> batch = new ArrayList<>();
  private final boolean[] answered;
  private @Nullable Line line;

  Worker(
      Lines lines,
      Schedule schedule,
      Operations operations,
      Tally tally,
      LoadClock clock,
      int batchMax) {
    this.lines = lines;
    this.schedule = schedule;
    this.operations = operations;
    this.tally = tally;
    this.clock = clock;
    this.batchMax = batchMax;
    claim = new Schedule.Claim(schedule);
    answered = new boolean[batchMax];
  }

  @Override
  public void run() {
    try {
      while (schedule.claim(claim, batchMax)) {
        batch.clear();
        for (int i = 0; i < claim.count(); i++) {
          batch.add(operations.operation(claim.first() + i));
          answered[i] = false;
        }
        send();
      }
    } finally {
      hangUp();
    }
  }

  private void send() {
    claim.sending();
    long lateness = claim.latenessNanos();
    if (lateness >= 0) {
      tally.late(lateness);
    }
    try {
      connected().exchange(batch, this);
    } catch (IOException e) {
      boolean isConnected = line != null;
      hangUp();
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      for (int i = 0; i < batch.size(); i++) {
        if (!answered[i]) {
          tally.failed(claim.isCounted(i), why);
        }
      }
      if (!isConnected) {
        clock.await(clock.nanos() + PAUSE_NANOS, () -> false);
      }
    }
  }

  private Line connected() throws IOException {
    Line current = line;
    if (current != null && current.isUsable()) {
      return current;
    }
    hangUp();
    current = lines.open();
    line = current;
    return current;
  }

  private void hangUp() {
    if (line != null) {
      line.close();
      line = null;
    }
  }

  @Override
  public void onDone(int index) {
    answered[index] = true;
    tally.done(batch.get(index).isRead(), claim.isCounted(index), elapsedNanos(index));
  }

  @Override
  public void onMissing(int index) {
    answered[index] = true;
    tally.missing(claim.isCounted(index), elapsedNanos(index));
  }

  @Override
  public void onRefused(int index, String why) {
    answered[index] = true;
    tally.failed(claim.isCounted(index), why);
  }

  private long elapsedNanos(int index) {
    return clock.nanos() - claim.dueNanos(index);
  }
}
