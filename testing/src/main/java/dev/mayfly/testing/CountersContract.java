package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.CounterPolicy.WhenFull;
import dev.mayfly.store.Counters;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Counters} does. */
public abstract class CountersContract {
  /** The longest key of the stores under test. */
  protected static final int KEY_BYTES_MAX = 1419;

  private static final long WINDOW = 10_000;
  private static final long TICK = 8;
  private static final byte[] NS = bytes("logins");
  private static final byte[] ALICE = bytes("alice");
  private static final byte[] BOB = bytes("bob");
  private static final byte[] NONE = {};

  private final VirtualTime time = new VirtualTime();
  private OpenCounters open = new OpenCounters(noCounters(), new ModelLimits(), () -> {}, () -> {});
  private Counters counters = open.counters();

  /** Opens one with keys of up to {@link #KEY_BYTES_MAX} bytes. */
  protected abstract OpenCounters open(CounterPolicy defaults, VirtualTime time);

  private static Counters noCounters() {
    return new ModelCounters(CounterPolicy.ofWindow(1), 0);
  }

  @BeforeEach
  void openStore() {
    open = open(CounterPolicy.ofWindow(WINDOW), time);
    counters = open.counters();
  }

  @AfterEach
  void closeStore() {
    open.close();
  }

  private long hit(byte[] namespace, byte[] key, long times) {
    return counters.hit(namespace, key, times, time.millis());
  }

  private long count(byte[] key) {
    return counters.count(NS, key, time.millis());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> keys(String pattern, int max) {
    KeyFilter filter = KeyFilter.pattern(NONE, pattern);
    return texts(counters.keys(NS, filter, max, time.millis()));
  }

  private static List<String> texts(List<byte[]> all) {
    return all.stream().map(one -> new String(one, StandardCharsets.UTF_8)).toList();
  }

  @Test
  void hit_answersTheLiveEventsOfTheKey() {
    assertThat(hit(NS, ALICE, 1)).isEqualTo(1);
    assertThat(hit(NS, ALICE, 1)).isEqualTo(2);
    assertThat(hit(NS, ALICE, 5)).isEqualTo(7);
    assertThat(hit(NS, BOB, 1)).isEqualTo(1);
    assertThat(hit(bytes("other"), ALICE, 1)).isEqualTo(1);
  }

  @Test
  void event_livesUntilItsWindowIsOver_andNotAMillisecondLonger() {
    hit(NS, ALICE, 1);

    time.advanceMillis(WINDOW - 1);
    assertThat(count(ALICE)).isEqualTo(1);
    time.advanceMillis(1);
    assertThat(count(ALICE)).isZero();
  }

  @Test
  void events_endOneAfterTheOther() {
    for (int i = 0; i < 100; i++) {
      hit(NS, ALICE, i + 1);
      time.advanceMillis(10);
    }
    time.advanceMillis(WINDOW - 1000);

    long left = 100 * 101 / 2;
    for (int i = 0; i < 100; i++) {
      left -= i + 1;
      assertThat(count(ALICE)).as("after %d", i).isEqualTo(left);
      time.advanceMillis(10);
    }
  }

  @Test
  void key_hitAgainAfterItEnded_beginsAnew() {
    hit(NS, ALICE, 3);
    time.advanceMillis(WINDOW);

    assertThat(hit(NS, ALICE, 1)).isEqualTo(1);
    open.maintain().run();
    assertThat(count(ALICE)).isEqualTo(1);
    assertThat(counters.countNamespace(NS, time.millis())).isEqualTo(1);
  }

  @Test
  void sums_areThoseOfTheKeys_andFallWithThem() {
    hit(NS, ALICE, 2);
    hit(NS, BOB, 3);
    hit(bytes("other"), BOB, 10);

    assertThat(counters.countNamespace(NS, time.millis())).isEqualTo(5);
    assertThat(counters.countAll(time.millis())).isEqualTo(15);
    time.advanceMillis(WINDOW / 2);
    hit(NS, BOB, 1);
    time.advanceMillis(WINDOW / 2 + TICK);
    assertThat(counters.countNamespace(NS, time.millis())).isEqualTo(1);
    assertThat(counters.countAll(time.millis())).isEqualTo(1);
  }

  @Test
  void count_ofWhatDoesNotExist_isZero_andMakesNothing() {
    assertThat(count(ALICE)).isZero();
    assertThat(counters.countNamespace(NS, time.millis())).isZero();
    assertThat(counters.namespaces(time.millis())).isEmpty();
  }

  @Test
  void namespace_disappearsWithItsLastEvent() {
    hit(NS, ALICE, 1);
    hit(bytes("a"), ALICE, 1);
    assertThat(texts(counters.namespaces(time.millis()))).containsExactly("a", "logins");

    time.advanceMillis(WINDOW / 2);
    hit(NS, BOB, 1);
    time.advanceMillis(WINDOW / 2 + TICK);
    open.maintain().run();
    assertThat(texts(counters.namespaces(time.millis()))).containsExactly("logins");
    time.advanceMillis(WINDOW);
    open.maintain().run();
    assertThat(counters.namespaces(time.millis())).isEmpty();
    assertThat(counters.stats().keys()).isZero();
  }

  @Test
  void namespaceAndKey_maybeEmpty_orAnyBytes() {
    byte[] odd = {0, -1, 10, 46, 10, 32};

    assertThat(hit(NONE, NONE, 2)).isEqualTo(2);
    assertThat(hit(odd, odd, 1)).isEqualTo(1);
    assertThat(hit(NONE, odd, 1)).isEqualTo(1);
    assertThat(counters.count(NONE, NONE, time.millis())).isEqualTo(2);
    assertThat(counters.keys(odd, KeyFilter.ALL, 10, time.millis())).containsExactly(odd);
  }

  @Test
  void keys_areThoseInWhichThePatternIsFound_inOrder() {
    for (String key : List.of("xblahx", "b", "blah", "zz", "a")) {
      hit(NS, bytes(key), 1);
    }

    assertThat(keys("blah", 10)).containsExactly("blah", "xblahx");
    assertThat(keys("^.$", 10)).containsExactly("a", "b");
    assertThat(keys("", 3)).containsExactly("a", "b", "blah");
    time.advanceMillis(WINDOW);
    assertThat(keys("", 10)).isEmpty();
  }

  @Test
  void keys_thousandsOfThem_areAllListed() {
    for (int i = 0; i < 5_000; i++) {
      hit(NS, bytes("key%04d".formatted(i)), 1);
      hit(bytes("other"), bytes("other%04d".formatted(i)), 1);
    }

    List<String> keys = keys("", 10_000);
    assertThat(keys).hasSize(5_000).isSorted().startsWith("key0000").endsWith("key4999");
  }

  @Test
  void times_outOfRange_areRefused() {
    assertRefused(() -> hit(NS, ALICE, 0), ErrorCode.ARGUMENT_INVALID);
    assertRefused(() -> hit(NS, ALICE, Counters.TIMES_MAX + 1), ErrorCode.ARGUMENT_INVALID);
    assertThat(hit(NS, ALICE, Counters.TIMES_MAX)).isEqualTo(Counters.TIMES_MAX);
    assertThat(hit(NS, ALICE, Counters.TIMES_MAX)).isEqualTo(2 * Counters.TIMES_MAX);
  }

  @Test
  void keyOrNamespace_tooLong_isRefused() {
    byte[] longest = new byte[KEY_BYTES_MAX];

    assertThat(hit(longest, longest, 1)).isEqualTo(1);
    byte[] tooLong = new byte[KEY_BYTES_MAX + 1];
    assertRefused(() -> hit(NS, tooLong, 1), ErrorCode.KEY_TOO_LONG);
    assertRefused(() -> hit(tooLong, ALICE, 1), ErrorCode.KEY_TOO_LONG);
  }

  @Test
  void policy_holdsForItsNamespace_fromItsNextHitOn() {
    counters.policy(NS, CounterPolicy.ofWindow(1_000));
    hit(NS, ALICE, 1);
    hit(bytes("other"), ALICE, 1);

    time.advanceMillis(1_000);
    assertThat(count(ALICE)).isZero();
    assertThat(counters.count(bytes("other"), ALICE, time.millis())).isEqualTo(1);
    assertThat(counters.policy(NS).windowMillis()).isEqualTo(1_000);
    counters.clearPolicy(NS);
    assertThat(counters.policy(NS).windowMillis()).isEqualTo(WINDOW);
  }

  @Test
  void policy_shortened_letsNewEventsEndNoEarlierThanOldOnes() {
    hit(NS, ALICE, 1);
    counters.policy(NS, CounterPolicy.ofWindow(1_000));
    hit(NS, ALICE, 1);

    time.advanceMillis(WINDOW - 1);
    assertThat(count(ALICE)).isEqualTo(2);
    time.advanceMillis(1);
    assertThat(count(ALICE)).isZero();
  }

  @Test
  void namespaceFull_refusesNewKeysOnly() {
    counters.policy(NS, CounterPolicy.ofWindow(WINDOW).withLimits(1, 0, WhenFull.REFUSE));
    hit(NS, ALICE, 1);

    assertRefused(() -> hit(NS, BOB, 1), ErrorCode.STORE_FULL);
    assertThat(hit(NS, ALICE, 1)).isEqualTo(2);
    assertThat(hit(bytes("other"), BOB, 1)).isEqualTo(1);
    time.advanceMillis(WINDOW + TICK);
    open.maintain().run();
    assertThat(hit(NS, BOB, 1)).isEqualTo(1);
  }

  @Test
  void buckets_countAnEventUpToOneBucketLonger_neverShorter() {
    long resolution = 100;
    counters.policy(NS, CounterPolicy.ofWindow(WINDOW).withResolution(resolution).withExactMax(16));
    ModelCounters exact = new ModelCounters(CounterPolicy.ofWindow(WINDOW), KEY_BYTES_MAX);
    ModelCounters longer =
        new ModelCounters(CounterPolicy.ofWindow(WINDOW + resolution), KEY_BYTES_MAX);
    for (int i = 0; i < 3_000; i++) {
      time.advanceMillis(i % 13);
      hit(NS, ALICE, 1 + i % 3);
      exact.hit(NS, ALICE, 1 + i % 3, time.millis());
      longer.hit(NS, ALICE, 1 + i % 3, time.millis());
      long least = exact.count(NS, ALICE, time.millis());
      assertThat(count(ALICE)).isBetween(least, longer.count(NS, ALICE, time.millis()));
    }
    time.advanceMillis(WINDOW + resolution);
    assertThat(count(ALICE)).isZero();
  }

  private static void assertRefused(Runnable call, ErrorCode code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            MayflyException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
