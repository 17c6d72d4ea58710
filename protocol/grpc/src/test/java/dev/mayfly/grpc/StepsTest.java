package dev.mayfly.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class StepsTest {
  @Test
  void end_waitsForTheStepThatRuns_andBeginsNoOther() throws InterruptedException {
    Steps steps = new Steps(4);
    AtomicInteger ended = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    steps.begin(
        () -> {
          begun.countDown();
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
          ended.incrementAndGet();
          return true;
        });
    begun.await();

    assertThat(steps.end()).isTrue();
    assertThat(ended).hasValue(1);
  }

  /** What it reads would be closed under it: memory that is unmapped ends the whole process. */
  @Test
  void end_stepGoesOn_saysSo() throws InterruptedException {
    Steps steps = new Steps(4);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    steps.begin(
        () -> {
          begun.countDown();
          awaitThoughInterrupted(mayEnd);
          return true;
        });
    begun.await();

    assertThat(steps.end()).isFalse();

    mayEnd.countDown();
    assertThat(steps.end()).isTrue();
  }

  private static void awaitThoughInterrupted(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }
}
