package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Turns shared by two threads: every part is served once, by one thread at a time, and each sees
 * what the other did before.
 */
class TurnWorkerStressTest {
  private static final int PARTS = 12;
  private static final int TURNS = 20_000;
  private static final int SOAK = 50;

  /** Plain fields throughout: a part that both threads have at a time, or see late, shows. */
  private static final class CountingPart implements TurnWorker.Part {
    private final Claim claim = new Claim();
    private final SplittableRandom random;
    private boolean isHelped;
    private long within;
    private long begun;
    private long helped;
    private long served;
    private long sent;

    private CountingPart(long seed) {
      random = new SplittableRandom(seed);
    }

    @Override
    public Claim claim() {
      return claim;
    }

    @Override
    public void help(Workspace work) {
      isHelped = true;
      helped++;
      take();
    }

    @Override
    public void serve() {
      served++;
      if (isHelped) {
        isHelped = false;
      } else {
        take();
      }
    }

    private void take() {
      begun++;
      within++;
      for (int i = random.nextInt(2000); i > 0; i--) {
        Thread.onSpinWait();
      }
      within--;
    }

    @Override
    public void send() {
      sent++;
    }
  }

  @Test
  @Timeout(600)
  void everyPart_isServedOnce() {
    int turns = Long.getLong("soak") == null ? TURNS : SOAK * TURNS;
    long seed = Long.getLong("seed", new Random().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    List<CountingPart> parts = new ArrayList<>();
    for (int i = 0; i < PARTS; i++) {
      parts.add(new CountingPart(random.nextLong()));
    }
    long[] expected = new long[PARTS];
    try (TurnWorker worker =
        new TurnWorker(
            Thread.ofPlatform().daemon().factory(),
            1,
            () -> new Workspace(1 << 20, new ThreadStats(0)))) {
      for (int turn = 0; turn < turns; turn++) {
        int size = 2 + random.nextInt(PARTS - 1);
        assertThat(worker.isFor(size, 1)).isTrue();
        worker.share(parts.subList(0, size));
        for (int i = 0; i < PARTS; i++) {
          expected[i] += i < size ? 1 : 0;
          CountingPart part = parts.get(i);
          assertThat(List.of(part.begun, part.served, part.sent, part.within))
              .as("seed=%d turn=%d part=%d", seed, turn, i)
              .isEqualTo(List.of(expected[i], expected[i], expected[i], 0L));
        }
      }
    }
    long helped = parts.stream().mapToLong(part -> part.helped).sum();
    long all = parts.stream().mapToLong(part -> part.served).sum();
    assertThat(helped).isPositive().isLessThan(all);
  }
}
