package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Limit;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeRequest.Mode;
import dev.mayfly.store.TakeResult;
import dev.mayfly.testing.ModelCounters;
import dev.mayfly.testing.ModelLimits;
import dev.mayfly.testing.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random hits, counts and takes on checked memory and virtual time, beside the models: exact keys
 * must be the same, sums may lag by a tick, keys in buckets must be within a bucket. {@code
 * -Dseed=} repeats one round; {@code -Dsoak=} minutes makes it longer.
 */
class RandomCountersTest {
  private static final int ROUNDS = 6;
  private static final int ROUNDS_PER_MINUTE = 60;
  private static final int OPERATIONS = 8_000;
  private static final long TICK = 4;
  private static final int KEY_BYTES_MAX = 64;

  private final VirtualTime time = new VirtualTime();

  static List<Long> seeds() {
    Long given = Long.getLong("seed");
    if (given != null) {
      return List.of(given);
    }
    List<Long> seeds = new ArrayList<>(List.of(1L, 2L, 3L));
    Random random = new Random();
    long rounds = Math.max(ROUNDS, Long.getLong("soak", 0) * ROUNDS_PER_MINUTE);
    while (seeds.size() < rounds) {
      seeds.add(random.nextLong());
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void operations_inAnyOrder_areThoseOfTheModel(long seed) {
    System.out.println("RandomCountersTest: -Dseed=" + seed);
    new Round(seed).run();
  }

  private final class Round {
    private final Random random;
    private final long seed;
    private final CounterPolicy policy;
    private final long slack;
    private final ModelCounters model;
    private final ModelCounters longer;
    private final ModelCounters lagging;
    private final ModelLimits limits = new ModelLimits();
    private final int names;
    private final int keys;
    private final List<long[]> leases = new ArrayList<>();
    private String where = "";

    Round(long seed) {
      this.seed = seed;
      random = new Random(seed);
      long window = 1L + random.nextInt(random.nextBoolean() ? 500 : 20_000);
      boolean buckets = random.nextInt(3) == 0;
      long resolution = 1L + random.nextInt((int) Math.max(1, window / 4));
      policy =
          CounterPolicy.ofWindow(window)
              .withResolution(buckets ? resolution : 1)
              .withExactMax(buckets ? 1 + random.nextInt(40) : CounterPolicy.EXACT_MAX);
      slack = buckets ? resolution : 0;
      model = new ModelCounters(policy, KEY_BYTES_MAX);
      longer = new ModelCounters(CounterPolicy.ofWindow(window + slack), KEY_BYTES_MAX);
      lagging = new ModelCounters(CounterPolicy.ofWindow(window + slack + TICK), KEY_BYTES_MAX);
      names = 1 + random.nextInt(5);
      keys = 1 + random.nextInt(random.nextBoolean() ? 5 : 500);
    }

    void run() {
      CounterConfig config = CounterConfig.forTests(policy);
      try (MemoryCounters engine = new MemoryCounters(config, time)) {
        for (int i = 0; i < OPERATIONS; i++) {
          where = "-Dseed=%d, operation %d".formatted(seed, i);
          pass();
          step(engine);
        }
        time.advanceMillis(20_000 + slack + 60_000);
        engine.maintain();
        assertThat(engine.stats().keys()).as(where).isZero();
        assertThat(engine.stats().events()).as(where).isZero();
        assertThat(engine.namespaces(time.millis())).as(where).isEmpty();
      }
    }

    private void pass() {
      switch (random.nextInt(20)) {
        case 0 -> time.advanceMillis(random.nextInt(3_000));
        case 1, 2, 3, 4, 5 -> time.advanceMillis(random.nextInt(20));
        default -> {}
      }
    }

    private byte[] name() {
      return ("ns" + random.nextInt(names)).getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] key() {
      int number = random.nextInt(4) == 0 ? random.nextInt(keys) : random.nextInt(keys) / 4;
      return ("key" + "x".repeat(number % 40) + number).getBytes(StandardCharsets.US_ASCII);
    }

    private void step(MemoryCounters engine) {
      long now = time.millis();
      byte[] name = name();
      byte[] key = key();
      switch (random.nextInt(40)) {
        case 0 -> engine.maintain();
        case 1, 2 -> compareSums(engine, name, now);
        case 3 -> compareKeys(engine, name, now);
        case 4, 5, 6, 7, 8, 9 ->
            assertThat(engine.count(name, key, now))
                .as(where)
                .isBetween(model.count(name, key, now), longer.count(name, key, now));
        case 10, 11, 12, 13, 14, 15, 16, 17 -> take(engine, name, key, now);
        case 18, 19 -> release(engine, now);
        default -> {
          long times = random.nextInt(100) == 0 ? 4_000_000_000L : 1L + random.nextInt(3);
          lagging.hit(name, key, times, now);
          assertThat(engine.hit(name, key, times, now))
              .as(where)
              .isBetween(model.hit(name, key, times, now), longer.hit(name, key, times, now));
        }
      }
    }

    private void compareSums(MemoryCounters engine, byte[] name, long now) {
      assertThat(engine.countNamespace(name, now))
          .as(where)
          .isBetween(model.countNamespace(name, now), lagging.countNamespace(name, now));
      assertThat(engine.countAll(now))
          .as(where)
          .isBetween(model.countAll(now), lagging.countAll(now));
    }

    private void compareKeys(MemoryCounters engine, byte[] name, long now) {
      int max = 1 + random.nextInt(100);
      List<String> told = texts(engine.keys(name, KeyFilter.pattern(new byte[0], "1"), max, now));
      List<String> live = texts(model.keys(name, KeyFilter.pattern(new byte[0], "1"), max, now));
      if (slack == 0) {
        assertThat(told).as(where).isEqualTo(live);
      } else {
        assertThat(told).as(where).isSorted().hasSizeBetween(live.size(), max);
      }
    }

    private static List<String> texts(List<byte[]> keys) {
      return keys.stream().map(key -> new String(key, StandardCharsets.US_ASCII)).toList();
    }

    private void take(MemoryCounters engine, byte[] name, byte[] key, long now) {
      long period = 1L + random.nextInt(5_000);
      long most = 1L + random.nextInt(50);
      Limit limit =
          switch (random.nextInt(4)) {
            case 0 -> Limit.slidingWindow(most, period);
            case 1 -> Limit.gcra(most, period, random.nextInt(10));
            case 2 -> Limit.tokenBucket(1L + random.nextInt(10), most, period);
            default -> Limit.concurrency(most, period);
          };
      Mode mode = random.nextInt(4) == 0 ? Mode.PEEK : Mode.TAKE;
      TakeRequest request = new TakeRequest(name, key, 1L + random.nextInt(12), limit, mode);
      TakeResult told = engine.take(request, now);
      TakeResult expected = limits.take(request, now);
      if (told.lease() != 0 && expected.lease() != 0) {
        leases.add(new long[] {told.lease(), expected.lease()});
        leaseNames.add(name);
        leaseKeys.add(key);
      }
      assertThat(withoutLease(told)).as(where + ": " + limit).isEqualTo(withoutLease(expected));
    }

    private final List<byte[]> leaseNames = new ArrayList<>();
    private final List<byte[]> leaseKeys = new ArrayList<>();

    private void release(MemoryCounters engine, long now) {
      if (leases.isEmpty()) {
        return;
      }
      int i = random.nextInt(leases.size());
      byte[] name = leaseNames.get(i);
      byte[] key = leaseKeys.get(i);
      assertThat(engine.release(name, key, leases.get(i)[0], now))
          .as(where)
          .isEqualTo(limits.release(name, key, leases.get(i)[1], now));
    }

    private static TakeResult withoutLease(TakeResult result) {
      return new TakeResult(
          result.allowed(),
          result.exceeded(),
          result.limit(),
          result.remaining(),
          result.retryAfterMillis(),
          result.resetAfterMillis(),
          Long.signum(result.lease()));
    }
  }

  /** Full stores: what is refused and evicted leaves the rest whole. */
  @ParameterizedTest
  @MethodSource("seeds")
  void fullStore_staysWithinItsBytes_andItsSumsFit(long seed) {
    Random random = new Random(seed);
    CounterPolicy evicting =
        CounterPolicy.ofWindow(5_000).withLimits(0, 0, CounterPolicy.WhenFull.EVICT);
    CounterPolicy refusing = CounterPolicy.ofWindow(5_000);
    CounterConfig config =
        CounterConfig.forTests(random.nextBoolean() ? evicting : refusing)
            .withLimits(0, 1 << 20, 100);
    try (MemoryCounters engine = new MemoryCounters(config, time)) {
      long refused = 0;
      for (int i = 0; i < 60_000; i++) {
        byte[] name = ("ns" + random.nextInt(3)).getBytes(StandardCharsets.US_ASCII);
        byte[] key = ("a longer key " + random.nextInt(20_000)).getBytes(StandardCharsets.US_ASCII);
        try {
          engine.hit(name, key, 1, time.millis());
        } catch (MayflyException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.STORE_FULL);
          refused++;
        }
        if (i % 30 == 0) {
          time.advanceMillis(1);
        }
      }
      assertThat(engine.stats().usedBytes()).isLessThan((1 << 20) + (1 << 18));
      assertThat(engine.stats().evicted() + refused).isPositive();
      long sum = 0;
      for (byte[] name : engine.namespaces(time.millis())) {
        for (byte[] key : engine.keys(name, KeyFilter.ALL, 100_000, time.millis())) {
          sum += engine.count(name, key, time.millis());
        }
      }
      engine.maintain();
      assertThat(engine.countAll(time.millis())).as("-Dseed=%d", seed).isEqualTo(sum);
    }
  }
}
