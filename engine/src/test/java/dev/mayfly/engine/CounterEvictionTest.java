package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.engine.memory.MemoryMode;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.CounterPolicy.WhenFull;
import dev.mayfly.store.CounterStats;
import dev.mayfly.store.Counters;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Limit;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.testing.VirtualTime;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to new keys where there may be no more, in virtual time. */
class CounterEvictionTest {
  private static final long WINDOW = 60_000;

  /** With the most events of a hit: 2^50, but for a few. */
  private static final int HITS_OF_A_FULL_SHARD = 1 << 18;

  private static final byte[] NS = bytes("ns");
  private static final byte[] OTHER = bytes("other");
  private static final CounterPolicy REFUSING = CounterPolicy.ofWindow(WINDOW);
  private static final CounterPolicy EVICTING =
      CounterPolicy.ofWindow(WINDOW).withLimits(0, 0, WhenFull.EVICT);

  private final VirtualTime time = new VirtualTime();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private MemoryCounters open(CounterPolicy policy, long keysMax) {
    CounterConfig config = CounterConfig.forTests(policy).withLimits(keysMax, 64 << 20, 100);
    return new MemoryCounters(config.withShards(16), time);
  }

  private void hitKeys(MemoryCounters counters, byte[] namespace, int count) {
    for (int i = 0; i < count; i++) {
      time.advanceMillis(1);
      assertThat(counters.hit(namespace, bytes("key" + i), 1, time.millis())).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 100})
  void namespaceWithFewKeys_evictsOneForEachNewOne_andRefusesNone(int keysMax) {
    try (MemoryCounters counters = open(REFUSING, 0)) {
      counters.policy(NS, REFUSING.withLimits(keysMax, 0, WhenFull.EVICT));
      counters.hit(OTHER, bytes("stays"), 1, time.millis());

      hitKeys(counters, NS, 1_000);

      assertThat(counters.keys(NS, KeyFilter.ALL, 2_000, time.millis())).hasSize(keysMax);
      assertThat(counters.countNamespace(NS, time.millis())).isEqualTo(keysMax);
      assertThat(counters.count(OTHER, bytes("stays"), time.millis())).isEqualTo(1);
      assertThat(counters.countAll(time.millis())).isEqualTo(keysMax + 1L);
      CounterStats stats = counters.stats();
      assertThat(stats.evicted()).isEqualTo(1_000L - keysMax);
      assertThat(stats.refused()).isZero();
    }
  }

  @Test
  void serverWithFewKeys_evictsThoseOfAnyNamespaceThatAllowsIt() {
    try (MemoryCounters counters = open(EVICTING, 20)) {
      hitKeys(counters, OTHER, 20);

      hitKeys(counters, NS, 500);

      assertThat(counters.stats().keys()).isEqualTo(20);
      assertThat(counters.countAll(time.millis())).isEqualTo(20);
    }
  }

  @Test
  void keysOfLimits_andOfNamespacesThatRefuse_areNeverEvicted() {
    Limit one = Limit.slidingWindow(1, WINDOW);
    try (MemoryCounters counters = open(EVICTING, 30)) {
      counters.policy(OTHER, REFUSING);
      hitKeys(counters, OTHER, 10);
      for (int i = 0; i < 10; i++) {
        TakeRequest take = TakeRequest.of(OTHER, bytes("key" + i), 1, one);
        assertThat(counters.take(take, time.millis()).allowed()).isTrue();
      }

      hitKeys(counters, NS, 500);

      for (int i = 0; i < 10; i++) {
        byte[] key = bytes("key" + i);
        assertThat(counters.count(OTHER, key, time.millis())).isEqualTo(1);
        TakeRequest take = TakeRequest.of(OTHER, key, 1, one);
        assertThat(counters.take(take, time.millis()).allowed()).isFalse();
      }
    }
  }

  /** Making room does not help against too many events, and cost a key its own. */
  @Test
  void hitOfTooManyEvents_isRefused_andEvictsNobody() {
    CounterConfig config = CounterConfig.forTests(EVICTING).withLimits(2, 64 << 20, 100);
    try (MemoryCounters counters =
        new MemoryCounters(config.withMemoryMode(MemoryMode.PLAIN), time)) {
      counters.hit(OTHER, bytes("stays"), 1, time.millis());
      for (int i = 0; i < HITS_OF_A_FULL_SHARD; i++) {
        counters.hit(NS, bytes("many"), Counters.TIMES_MAX, time.millis());
      }

      assertThatThrownBy(() -> counters.hit(NS, bytes("many"), Counters.TIMES_MAX, time.millis()))
          .isInstanceOfSatisfying(
              MayflyException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NUMBER_OVERFLOW));

      assertThat(counters.count(OTHER, bytes("stays"), time.millis())).isEqualTo(1);
      assertThat(counters.count(NS, bytes("many"), time.millis()))
          .isEqualTo(HITS_OF_A_FULL_SHARD * Counters.TIMES_MAX);
      assertThat(counters.stats().evicted()).isZero();
    }
  }

  @Test
  void refusing_atItsLimitOfKeys_takesOneMoreOnlyWhenOneHasEnded() {
    try (MemoryCounters counters = open(REFUSING, 5)) {
      hitKeys(counters, NS, 5);

      assertThatThrownBy(() -> counters.hit(NS, bytes("sixth"), 1, time.millis()))
          .isInstanceOf(MayflyException.class)
          .hasMessageContaining("there may be 5 keys");
      assertThatThrownBy(() -> counters.hit(OTHER, bytes("sixth"), 1, time.millis()))
          .isInstanceOf(MayflyException.class);
      assertThat(counters.namespaces(time.millis())).containsExactly(NS);
      assertThat(counters.stats().refused()).isEqualTo(2);
      time.advanceMillis(WINDOW - 4 + 8);
      counters.maintain();
      assertThat(counters.hit(NS, bytes("sixth"), 1, time.millis())).isEqualTo(1);
    }
  }
}
