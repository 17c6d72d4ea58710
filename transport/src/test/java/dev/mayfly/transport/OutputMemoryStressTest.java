package dev.mayfly.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nobody waits for memory that is there: what is given back at the moment when one comes to wait
 * and one leaves who waited before reaches the one that is left, though nothing happens after it.
 */
@Timeout(240)
class OutputMemoryStressTest {
  private static final int ROUNDS = Long.getLong("soak") == null ? 30_000 : 3_000_000;
  private static final int WAIT_SECONDS_MAX = 20;
  private static final int PARTIES = 3;

  private final OutputMemory memory = new OutputMemory(1, 1000, number -> {});
  private final ExecutorService threads = Executors.newFixedThreadPool(PARTIES);
  private final CyclicBarrier start = new CyclicBarrier(PARTIES);

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  /** One who waits until it has its turn. */
  private static final class Staying implements OutputMemory.Waiter {
    final Semaphore turns = new Semaphore(0);

    @Override
    public void onRoom() {
      turns.release();
    }

    @Override
    public void after(long millis, Runnable task) {}
  }

  /** One who has no use for its turn when it comes, and gives it on. */
  private final class Leaving implements OutputMemory.Waiter {
    @Override
    public void onRoom() {
      memory.passOn();
    }

    @Override
    public void after(long millis, Runnable task) {}
  }

  private void giveBack() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      start.await();
      memory.change(-1);
      start.await();
    }
  }

  private void leave() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      Leaving leaving = new Leaving();
      memory.change(1);
      memory.await(leaving);
      start.await();
      memory.leave(leaving);
      start.await();
    }
  }

  private int stay() throws Exception {
    int served = 0;
    for (int i = 0; i < ROUNDS; i++) {
      start.await();
      Staying staying = new Staying();
      memory.await(staying);
      if (staying.turns.tryAcquire(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
        memory.passOn();
        served++;
      } else {
        memory.leave(staying);
        start.reset();
        return served;
      }
      start.await();
    }
    return served;
  }

  @Test
  void whoeverStays_getsItsTurn() throws Exception {
    Future<?> giving =
        threads.submit(
            () -> {
              giveBack();
              return null;
            });
    Future<?> leaving =
        threads.submit(
            () -> {
              leave();
              return null;
            });

    assertThat(threads.submit(this::stay).get()).isEqualTo(ROUNDS);

    giving.get();
    leaving.get();
    assertThat(memory.taken()).isZero();
    assertThat(memory.awaited()).isZero();
  }
}
