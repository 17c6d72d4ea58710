package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.TimeSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineThreadTest {
  /** Time of which a second is over whenever somebody looks. */
  private static final class FleetingTime implements TimeSource {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long millis() {
      return nanos() / 1_000_000;
    }

    @Override
    public long nanos() {
      return nanos.addAndGet(1_000_000_000);
    }
  }

  @Test
  void round_fails_theNextOneFollows() throws InterruptedException {
    CountDownLatch rounds = new CountDownLatch(3);

    EngineThread thread =
        new EngineThread(
            "mayfly-test",
            new FleetingTime(),
            () -> {
              rounds.countDown();
              throw new IllegalStateException("a fault that the test makes");
            });

    rounds.await();
    thread.stop();
  }

  @Test
  void stop_interrupted_returnsWhenTheRoundIsOver() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Semaphore mayEnd = new Semaphore(0);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean endedBefore = new AtomicBoolean();
    AtomicBoolean interrupted = new AtomicBoolean();
    EngineThread thread =
        new EngineThread(
            "mayfly-test",
            new FleetingTime(),
            () -> {
              begun.countDown();
              mayEnd.acquireUninterruptibly();
              ended.set(true);
            });
    begun.await();

    Thread stopping =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  thread.stop();
                  endedBefore.set(ended.get());
                  interrupted.set(Thread.currentThread().isInterrupted());
                });
    while (stopping.isAlive() && stopping.getState() != Thread.State.WAITING) {
      LockSupport.parkNanos(1_000_000);
    }
    mayEnd.release(2);
    stopping.join();

    assertThat(endedBefore).isTrue();
    assertThat(interrupted).isTrue();
  }

  @Test
  void wake_whileItSleeps_beginsARound() throws InterruptedException {
    Semaphore rounds = new Semaphore(0);
    EngineThread thread =
        new EngineThread(
            "mayfly-test",
            new FleetingTime(),
            () -> {
              rounds.release();
              LockSupport.park(rounds);
            });
    rounds.acquire();

    thread.wake();

    rounds.acquire();
    thread.stop();
  }
}
