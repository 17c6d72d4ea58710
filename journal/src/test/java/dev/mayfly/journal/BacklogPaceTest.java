package dev.mayfly.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.testing.VirtualTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BacklogPaceTest {
  private final VirtualTime time = new VirtualTime();
  private final AtomicLong backlog = new AtomicLong();
  private final AtomicBoolean away = new AtomicBoolean();
  private final BacklogPace pace = new BacklogPace(backlog::get, 1_000, away::get, time);

  private CountDownLatch held() {
    pace.seeAll();
    long seen = pace.seen();
    assertThat(pace.isDurable(seen)).isFalse();
    CountDownLatch called = new CountDownLatch(1);
    pace.onDurable(seen, called::countDown);
    return called;
  }

  private static boolean isCalled(CountDownLatch called) throws InterruptedException {
    return called.await(60, TimeUnit.SECONDS);
  }

  @Test
  void write_littleWaits_isNotHeld() {
    backlog.set(500);
    pace.seeAll();

    assertThat(pace.isDurable(pace.seen())).isTrue();
  }

  @Test
  void write_muchWaits_isHeldUntilItIsLess() throws InterruptedException {
    backlog.set(501);
    CountDownLatch called = held();
    assertThat(called.await(100, TimeUnit.MILLISECONDS)).isFalse();

    backlog.set(500);

    assertThat(isCalled(called)).isTrue();
  }

  @Test
  void write_muchWaitsForLong_isHeldForASecondAtMost() throws InterruptedException {
    backlog.set(1_000);
    CountDownLatch called = held();

    time.advanceMillis(1_000);

    assertThat(isCalled(called)).isTrue();
  }

  @Test
  void write_databaseAway_isNotHeld() throws InterruptedException {
    backlog.set(1_000);
    CountDownLatch called = held();

    away.set(true);

    assertThat(isCalled(called)).isTrue();
    pace.seeAll();
    assertThat(pace.isDurable(pace.seen())).isTrue();
  }

  @Test
  void read_muchWaits_isNotHeld() {
    backlog.set(1_000);
    pace.see(7);
    pace.seeAbsent(new byte[] {1});

    assertThat(pace.isDurable(pace.seen())).isTrue();
  }
}
