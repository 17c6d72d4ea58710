package dev.mayfly.stress;

import java.io.IOException;
import java.util.List;

/**
 * A server that takes a millisecond of a hand clock for each exchange, stalls once, and may go away
 * for a while. Confined to one thread.
 */
final class HandServer implements Lines {
  private final HandClock clock;
  private final long stallAtMillis;
  private final long stallMillis;
  private boolean hasStalled;
  private int exchanges;
  private int opened;
  private int failures;

  HandServer(HandClock clock, long stallAtMillis, long stallMillis) {
    this.clock = clock;
    this.stallAtMillis = stallAtMillis;
    this.stallMillis = stallMillis;
  }

  /** The next exchanges end with a broken connection. */
  void breakNext(int count) {
    failures = count;
  }

  int opened() {
    return opened;
  }

  @Override
  public Line open() {
    opened++;
    return new Line() {
      @Override
      public void exchange(List<Operation> batch, Answers answers) throws IOException {
        exchanges++;
        clock.advanceMillis(1);
        if (!hasStalled && clock.nanos() >= stallAtMillis * 1_000_000) {
          hasStalled = true;
          clock.advanceMillis(stallMillis);
        }
        if (failures > 0) {
          failures--;
          throw new IOException("broken " + exchanges);
        }
        for (int i = 0; i < batch.size(); i++) {
          answers.onDone(i);
        }
      }

      @Override
      public void close() {
        exchanges++;
      }
    };
  }

  @Override
  public void close() {
    opened = 0;
  }
}
