package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ListingsTest {
  private final Listings listings = new Listings();

  @Test
  void end_whileOneIsMade_waitsForItsEnd() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    assertThat(
            listings.tryRun(
                () -> {
                  begun.countDown();
                  while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                  }
                  for (int i = 0; i < 100_000; i++) {
                    Thread.onSpinWait();
                  }
                  ended.set(true);
                }))
        .isTrue();
    begun.await();

    assertThat(listings.end()).isTrue();

    assertThat(ended).isTrue();
  }

  @Test
  void end_oneGoesOn_saysSo() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    assertThat(
            listings.tryRun(
                () -> {
                  begun.countDown();
                  while (mayEnd.getCount() > 0) {
                    Thread.onSpinWait();
                  }
                }))
        .isTrue();
    begun.await();

    assertThat(listings.end()).isFalse();

    mayEnd.countDown();
    assertThat(listings.end()).isTrue();
  }

  @Test
  void tryRun_afterTheEnd_isRefused() {
    listings.end();

    assertThat(listings.tryRun(() -> {})).isFalse();
  }
}
