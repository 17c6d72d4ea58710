package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Limit;
import dev.mayfly.store.Limits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeRequest.Mode;
import dev.mayfly.store.TakeResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every implementation of {@link Limits} does. */
public abstract class LimitsContract {
  private static final byte[] NS = "api".getBytes(StandardCharsets.UTF_8);
  private static final byte[] KEY = "10.0.0.7".getBytes(StandardCharsets.UTF_8);
  private static final long MINUTE = 60_000;

  /** By so much a store may forget a key later than it could. */
  private static final long A_WHILE = 200;

  private final VirtualTime time = new VirtualTime();
  private OpenCounters open =
      new OpenCounters(
          new ModelCounters(CounterPolicy.ofWindow(1), 0), new ModelLimits(), () -> {}, () -> {});
  private Limits limits = open.limits();

  /** Opens one. */
  protected abstract OpenCounters open(CounterPolicy defaults, VirtualTime time);

  @BeforeEach
  void openStore() {
    open = open(CounterPolicy.ofWindow(MINUTE), time);
    limits = open.limits();
  }

  @AfterEach
  void closeStore() {
    open.close();
  }

  private TakeResult take(Limit limit, long quantity) {
    return take(limit, quantity, Mode.TAKE);
  }

  private TakeResult take(Limit limit, long quantity, Mode mode) {
    return limits.take(new TakeRequest(NS, KEY, quantity, limit, mode), time.millis());
  }

  @Test
  void slidingWindow_allowsItsQuantity_thenTellsWhenToComeBack() {
    Limit limit = Limit.slidingWindow(3, MINUTE);

    assertThat(take(limit, 2)).isEqualTo(new TakeResult(true, false, 3, 1, 0, MINUTE, 0));
    time.advanceMillis(1_000);
    assertThat(take(limit, 1)).isEqualTo(new TakeResult(true, false, 3, 0, 0, MINUTE, 0));
    time.advanceMillis(1_000);
    assertThat(take(limit, 1))
        .isEqualTo(new TakeResult(false, true, 3, 0, MINUTE - 2_000, MINUTE - 1_000, 0));
    assertThat(take(limit, 3).retryAfterMillis()).isEqualTo(MINUTE - 1_000);
    time.advanceMillis(MINUTE - 2_000);
    assertThat(take(limit, 2).allowed()).isTrue();
    assertThat(take(limit, 1).allowed()).isFalse();
  }

  @Test
  void take_ofMoreThanTheLimitEverAllows_neverHelps() {
    for (Limit limit :
        new Limit[] {
          Limit.slidingWindow(3, MINUTE),
          Limit.gcra(3, MINUTE, 2),
          Limit.tokenBucket(3, 3, MINUTE),
          Limit.concurrency(3, MINUTE)
        }) {
      TakeResult result = take(limit, 4);

      assertThat(result).isEqualTo(new TakeResult(false, true, 3, 3, TakeResult.NEVER, 0, 0));
    }
    assertThat(open.counters().stats().keys()).isZero();
  }

  @Test
  void peek_usesNothing_andShadow_allowsEverything() {
    Limit limit = Limit.slidingWindow(1, MINUTE);

    assertThat(take(limit, 1, Mode.PEEK)).isEqualTo(new TakeResult(true, false, 1, 1, 0, 0, 0));
    assertThat(take(limit, 1, Mode.SHADOW).exceeded()).isFalse();
    TakeResult shadow = take(limit, 1, Mode.SHADOW);
    assertThat(shadow.allowed()).isTrue();
    assertThat(shadow.exceeded()).isTrue();
    assertThat(take(limit, 1, Mode.PEEK).allowed()).isFalse();
    time.advanceMillis(MINUTE);
    assertThat(take(limit, 1, Mode.PEEK).remaining()).isEqualTo(1);
  }

  @Test
  void gcra_allowsOneAnInterval_andItsBurst() {
    Limit limit = Limit.gcra(60, MINUTE, 4);

    for (int i = 4; i >= 0; i--) {
      assertThat(take(limit, 1).remaining()).isEqualTo(i);
    }
    assertThat(take(limit, 1)).isEqualTo(new TakeResult(false, true, 5, 0, 1_000, 5_000, 0));
    time.advanceMillis(999);
    assertThat(take(limit, 1).allowed()).isFalse();
    time.advanceMillis(1);
    assertThat(take(limit, 1).allowed()).isTrue();
    assertThat(take(limit, 1).allowed()).isFalse();
    time.advanceMillis(5_000);
    assertThat(take(limit, 5).allowed()).isTrue();
  }

  @Test
  void tokenBucket_isFullAtFirst_andRefills() {
    Limit limit = Limit.tokenBucket(10, 5, 1_000);

    assertThat(take(limit, 10)).isEqualTo(new TakeResult(true, false, 10, 0, 0, 2_000, 0));
    assertThat(take(limit, 3).retryAfterMillis()).isEqualTo(600);
    time.advanceMillis(600);
    assertThat(take(limit, 3).allowed()).isTrue();
    time.advanceMillis(60_000);
    assertThat(take(limit, 1, Mode.PEEK).remaining()).isEqualTo(10);
  }

  @Test
  void concurrency_holdsUntilReleased_orUntilTheLeaseEnds() {
    Limit limit = Limit.concurrency(2, 10_000);
    TakeResult first = take(limit, 1);
    time.advanceMillis(1_000);
    TakeResult second = take(limit, 1);

    assertThat(first.lease()).isNotEqualTo(second.lease());
    assertThat(take(limit, 1)).isEqualTo(new TakeResult(false, true, 2, 0, 9_000, 10_000, 0));
    assertThat(limits.release(NS, KEY, second.lease(), time.millis())).isTrue();
    assertThat(limits.release(NS, KEY, second.lease(), time.millis())).isFalse();
    assertThat(take(limit, 1).allowed()).isTrue();
    time.advanceMillis(9_000);
    assertThat(limits.release(NS, KEY, first.lease(), time.millis())).isFalse();
    assertThat(take(limit, 1).allowed()).isTrue();
    assertThat(take(limit, 1).allowed()).isFalse();
  }

  @Test
  void concurrency_leasesOfDifferentLength_endInTheirOrder() {
    for (int i = 0; i < 50; i++) {
      assertThat(take(Limit.concurrency(50, 10_000 - 100 * i), 1).allowed()).isTrue();
    }

    for (int i = 1; i <= 50; i++) {
      time.advanceMillis(i == 1 ? 5_100 : 100);
      assertThat(take(Limit.concurrency(50, 1), 1, Mode.PEEK).remaining()).isEqualTo(i);
    }
    open.maintain().run();
  }

  @Test
  void limit_isForgottenWhenItIsAsIfNeverUsed() {
    take(Limit.slidingWindow(3, MINUTE), 1);
    take(Limit.gcra(3, MINUTE, 2), 1);
    take(Limit.tokenBucket(3, 3, MINUTE), 1);
    take(Limit.concurrency(3, MINUTE), 1);

    assertThat(open.counters().namespaces(time.millis())).isEmpty();
    assertThat(open.counters().countAll(time.millis())).isZero();
    time.advanceMillis(MINUTE + A_WHILE);
    open.maintain().run();
    assertThat(open.counters().stats().keys()).isZero();
  }

  @Test
  void concurrency_givenBackEarly_isForgottenEarly() {
    long first = take(Limit.concurrency(3, MINUTE), 1).lease();
    long second = take(Limit.concurrency(3, 2 * MINUTE), 1).lease();

    assertThat(limits.release(NS, KEY, second, time.millis())).isTrue();
    assertThat(limits.release(NS, KEY, first, time.millis())).isTrue();
    assertThat(take(Limit.concurrency(3, MINUTE), 1, Mode.PEEK))
        .isEqualTo(new TakeResult(true, false, 3, 3, 0, 0, 0));
    time.advanceMillis(A_WHILE);
    open.maintain().run();
    assertThat(open.counters().stats().keys()).isZero();
  }

  @Test
  void named_areKeptByName() {
    Limit limit = Limit.slidingWindow(3, MINUTE);
    limits.name("login", limit);

    assertThat(limits.named("login")).isEqualTo(limit);
    assertThat(limits.named()).containsOnlyKeys("login");
    limits.forget("login");
    assertThatThrownBy(() -> limits.named("login"))
        .isInstanceOfSatisfying(
            MayflyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void slidingWindow_atRandom_neverAllowsMoreThanItSays_inAnyWindow(long seed) {
    Random random = new Random(seed);
    long period = 5_000;
    Limit limit = Limit.slidingWindow(40L + random.nextInt(200), period);
    ArrayDeque<long[]> allowed = new ArrayDeque<>();
    long inWindow = 0;
    long all = 0;
    for (int i = 0; i < 20_000; i++) {
      time.advanceMillis(random.nextInt(10) == 0 ? random.nextInt(300) : random.nextInt(3));
      if (random.nextInt(100) == 0) {
        open.maintain().run();
      }
      long now = time.millis();
      long quantity = 1L + random.nextInt(3);
      while (!allowed.isEmpty() && allowed.getFirst()[0] <= now - period) {
        inWindow -= allowed.removeFirst()[1];
      }
      if (take(limit, quantity).allowed()) {
        allowed.add(new long[] {now, quantity});
        inWindow += quantity;
        all += quantity;
      }
      assertThat(inWindow).as("-Dseed=%d, take %d", seed, i).isLessThanOrEqualTo(limit.quantity());
    }
    assertThat(all).isGreaterThan(limit.quantity() * 10);
  }
}
