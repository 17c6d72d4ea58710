package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.CounterSource;
import dev.mayfly.store.Limit;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeResult;
import dev.mayfly.testing.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What counters have become, taken piece by piece, gives the same counters elsewhere. */
class CounterChangesTest {
  private static final int OPERATIONS = 6_000;
  private static final int ROUNDS = 8;

  private final VirtualTime time = new VirtualTime();

  private MemoryCounters counters() {
    return new MemoryCounters(
        CounterConfig.forTests(CounterPolicy.ofWindow(5_000).withResolution(50).withExactMax(20)),
        time);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void takeChanged_atAnyTimeInAnyPortion_givesTheSameCountersElsewhere() {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = Long.getLong("seed", new Random().nextLong());
      System.out.println("CounterChangesTest: -Dseed=" + seed);
      try (MemoryCounters engine = counters();
          MemoryCounters copy = counters()) {
        engine.journal().recordChanges();
        run(new Random(seed), engine, copy);
        pass(engine, copy, Long.MAX_VALUE);
        copy.maintain();
        engine.maintain();
        assertThat(contents(copy)).as("seed %d", seed).isEqualTo(contents(engine));
        List<SavedCounter> none = new ArrayList<>();
        engine.journal().takeChanged(Long.MAX_VALUE, none);
        assertThat(none).isEmpty();
        time.advanceMillis(20_000);
        copy.maintain();
        assertThat(copy.countAll(time.millis())).isZero();
        assertThat(copy.stats().keys()).isZero();
      }
    }
  }

  private void run(Random random, MemoryCounters engine, MemoryCounters copy) {
    List<long[]> leases = new ArrayList<>();
    for (int i = 0; i < OPERATIONS; i++) {
      int number = random.nextInt(random.nextBoolean() ? 5 : 300);
      byte[] namespace = bytes("ns" + random.nextInt(3));
      byte[] key = bytes("key" + number);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> engine.hit(namespace, key, 1 + random.nextInt(3), time.millis());
        case 4 -> take(engine, namespace, key, Limit.slidingWindow(50, 3_000));
        case 5 -> take(engine, namespace, key, Limit.gcra(10, 3_000, 5));
        case 6 -> {
          TakeResult taken = take(engine, namespace, key, Limit.concurrency(5, 3_000));
          if (taken.lease() != 0) {
            leases.add(new long[] {namespace[2] - '0', number, taken.lease()});
          }
        }
        case 7 -> {
          if (!leases.isEmpty()) {
            long[] lease = leases.remove(random.nextInt(leases.size()));
            var _ =
                engine.release(
                    bytes("ns" + lease[0]), bytes("key" + lease[1]), lease[2], time.millis());
          }
        }
        case 8 -> time.advanceMillis(random.nextInt(200));
        default -> {
          if (random.nextInt(20) == 0) {
            pass(engine, copy, 1 + random.nextInt(3_000));
          }
          engine.maintain();
        }
      }
    }
  }

  private TakeResult take(MemoryCounters engine, byte[] namespace, byte[] key, Limit limit) {
    return engine.take(TakeRequest.of(namespace, key, 1, limit), time.millis());
  }

  private static void pass(MemoryCounters from, MemoryCounters to, long bytesMax) {
    List<SavedCounter> changed = new ArrayList<>();
    from.journal().takeChanged(bytesMax, changed);
    to.journal().replaceCounters(changed);
  }

  /** What has not ended: when the rest is taken away, is left to each. */
  private Map<String, String> contents(MemoryCounters counters) {
    List<SavedCounter> all = new ArrayList<>();
    for (long cursor = CounterSource.START; cursor != CounterSource.END; ) {
      cursor = counters.journal().saveCounters(cursor, 100, all);
    }
    Map<String, String> contents = new TreeMap<>();
    for (SavedCounter one : all) {
      String name =
          one.kind()
              + new String(one.namespace(), StandardCharsets.US_ASCII)
              + new String(one.key(), StandardCharsets.US_ASCII);
      StringBuilder live = new StringBuilder().append(one.rounded());
      for (int i = 0; i < one.ends().length; i++) {
        if (one.ends()[i] > time.millis()) {
          live.append(' ').append(one.ends()[i]);
          live.append(' ').append(one.amounts().length == 0 ? 0 : one.amounts()[i]);
          live.append(' ').append(one.names().length == 0 ? 0 : one.names()[i]);
        }
      }
      contents.put(name, live.toString());
    }
    return contents;
  }

  @Test
  void takeChanged_leaseGivenBack_saysSoWhileItsRecordStays() {
    try (MemoryCounters engine = counters();
        MemoryCounters copy = counters()) {
      engine.journal().recordChanges();
      long lease = take(engine, bytes("n"), bytes("key"), Limit.concurrency(1, 3_000)).lease();
      pass(engine, copy, Long.MAX_VALUE);
      assertThat(take(copy, bytes("n"), bytes("key"), Limit.concurrency(1, 1)).allowed()).isFalse();

      assertThat(engine.release(bytes("n"), bytes("key"), lease, time.millis())).isTrue();
      assertThat(engine.stats().keys()).as("its record stays").isEqualTo(1);
      pass(engine, copy, Long.MAX_VALUE);

      assertThat(take(copy, bytes("n"), bytes("key"), Limit.concurrency(1, 1)).allowed()).isTrue();
    }
  }

  @Test
  void takeChanged_keysComeAndGoUntaken_whatIsNotedStaysSmall() {
    try (MemoryCounters engine = counters()) {
      engine.journal().recordChanges();
      for (int i = 0; i < 200_000; i++) {
        engine.hit(bytes("n"), bytes("key" + i), 1, time.millis());
        if (i % 100 == 0) {
          time.advanceMillis(200);
          engine.maintain();
        }
      }
      List<SavedCounter> changed = new ArrayList<>();
      engine.journal().takeChanged(Long.MAX_VALUE, changed);

      assertThat(changed).hasSizeLessThan(3_000).hasSizeGreaterThan(500);
      for (CounterShard shard : engine.shards()) {
        assertThat(shard.copies().notedMax()).isLessThan(20_000);
      }
    }
  }

  @Test
  void replaceCounters_keysMayBeEvicted_makeRoomForEachOther() {
    CounterPolicy policy =
        CounterPolicy.ofWindow(60_000).withLimits(50, 0, CounterPolicy.WhenFull.EVICT);
    CounterConfig config = CounterConfig.forTests(policy);
    try (MemoryCounters engine = new MemoryCounters(config, time);
        MemoryCounters copy = new MemoryCounters(config, time)) {
      engine.journal().recordChanges();
      for (int i = 0; i < 500; i++) {
        engine.hit(bytes("n"), bytes("key" + i), 1, time.millis());
        if (i % 20 == 0) {
          pass(engine, copy, Long.MAX_VALUE);
        }
      }
      pass(engine, copy, Long.MAX_VALUE);

      assertThat(copy.stats().keys()).isEqualTo(50);
    }
  }
}
