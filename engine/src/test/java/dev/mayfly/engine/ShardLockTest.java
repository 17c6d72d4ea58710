package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.testing.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShardLockTest {
  private static final int THREADS = 4;
  private static final int TURNS = 500;
  private static final long HELD_NANOS = 200_000;

  private final ShardLock lock = new ShardLock();
  private final CountDownLatch taken = new CountDownLatch(1);
  private int sum;

  @Test
  void waiter_thatSleeps_getsTheLock() throws InterruptedException {
    lock.lock();
    Thread waiter = startWaiter(() -> {});
    awaitAsleep(waiter);
    assertThat(taken.getCount()).isEqualTo(1);

    lock.unlock();

    taken.await();
    waiter.join();
  }

  /** Who waits for the lock may have to be woken for something else, and goes to sleep for that. */
  @Test
  void permit_thatCameMeanwhile_isStillThere() throws InterruptedException {
    lock.lock();
    AtomicBoolean woken = new AtomicBoolean();
    Thread waiter =
        startWaiter(
            () -> {
              LockSupport.park(this);
              woken.set(true);
            });
    awaitAsleep(waiter);
    LockSupport.unpark(waiter);
    // By then a sleep within the lock has taken the permit.
    AtomicInteger looks = new AtomicInteger();
    Eventually.holds("some time", () -> looks.incrementAndGet() > 4);

    lock.unlock();

    Eventually.holds("woken", woken::get);
    waiter.join();
  }

  @Test
  void interrupt_isKept_andTheWaitGoesOn() throws InterruptedException {
    lock.lock();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread waiter = startWaiter(() -> interrupted.set(Thread.currentThread().isInterrupted()));
    awaitAsleep(waiter);
    waiter.interrupt();
    AtomicInteger looks = new AtomicInteger();
    Eventually.holds("some time", () -> looks.incrementAndGet() > 4);
    assertThat(taken.getCount()).isEqualTo(1);

    lock.unlock();

    waiter.join();
    assertThat(interrupted).isTrue();
  }

  @Test
  void onlyOne_hasIt_thoughOthersSleep() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(Thread.ofPlatform().start(this::addInTurns));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(sum).isEqualTo(THREADS * TURNS);
  }

  private void addInTurns() {
    for (int i = 0; i < TURNS; i++) {
      lock.lock();
      int before = sum;
      if (i % 10 == 0) {
        LockSupport.parkNanos(HELD_NANOS);
      }
      sum = before + 1;
      lock.unlock();
    }
  }

  private Thread startWaiter(Runnable then) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              lock.lock();
              lock.unlock();
              taken.countDown();
              then.run();
            });
  }

  private static void awaitAsleep(Thread waiter) {
    Eventually.holds("asleep", () -> waiter.getState() == Thread.State.TIMED_WAITING);
  }
}
