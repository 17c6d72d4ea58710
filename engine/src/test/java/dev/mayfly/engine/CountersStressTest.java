package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Limit;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TimeSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Threads that hit, count, list and take at once, on checked memory, while events end and
 * namespaces come and go. {@code -Dsoak=} minutes makes it long.
 */
class CountersStressTest {
  private static final int WRITERS = 4;

  private final TimeSource time = new SystemTime();
  private final long seed = Long.getLong("seed", System.identityHashCode(this));
  private final long runNanos =
      Long.getLong("soak") == null
          ? TimeUnit.SECONDS.toNanos(4)
          : TimeUnit.MINUTES.toNanos(Long.getLong("soak"));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void hits_atOnce_areAllCounted_andAllEnd() throws Exception {
    System.out.println("CountersStressTest -Dseed=" + seed);
    CounterConfig config = config();
    byte[] lasting = bytes("lasting");
    try (MemoryCounters counters = new MemoryCounters(config, time);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      counters.policy(lasting, CounterPolicy.ofWindow(86_400_000).withExactMax(100));
      long end = time.nanos() + runNanos;
      List<Future<Long>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        writers.add(threads.submit(() -> hit(counters, random, lasting, end)));
      }
      Callable<Long> reading = () -> read(counters, end);
      Future<Long> reader = threads.submit(reading);
      long hits = 0;
      for (Future<Long> writer : writers) {
        hits += writer.get();
      }
      assertThat(reader.get()).isPositive();
      assertThat(counters.countNamespace(lasting, time.millis())).isEqualTo(hits);
      long sum = 0;
      for (byte[] key : counters.keys(lasting, KeyFilter.ALL, 1000, time.millis())) {
        sum += counters.count(lasting, key, time.millis());
      }
      assertThat(sum).isEqualTo(hits);
      awaitOnly(counters, lasting, hits);
    }
  }

  private static CounterConfig config() {
    return CounterConfig.forTests(CounterPolicy.ofWindow(30)).withShards(2).withThreads(true);
  }

  private long hit(MemoryCounters counters, SplittableRandom random, byte[] lasting, long end) {
    long hits = 0;
    while (time.nanos() < end) {
      long now = time.millis();
      counters.hit(lasting, bytes("k" + random.nextInt(20)), 1, now);
      hits++;
      counters.hit(bytes("n" + random.nextInt(10)), bytes("k" + random.nextInt(100)), 1, now);
      Limit limit = random.nextBoolean() ? Limit.slidingWindow(5, 20) : Limit.tokenBucket(3, 1, 10);
      counters.take(TakeRequest.of(bytes("n" + random.nextInt(3)), bytes("k"), 1, limit), now);
    }
    return hits;
  }

  private long read(MemoryCounters counters, long end) {
    long rounds = 0;
    while (time.nanos() < end) {
      long now = time.millis();
      for (byte[] name : counters.namespaces(now)) {
        assertThat(counters.countNamespace(name, now)).isNotNegative();
        for (byte[] key : counters.keys(name, KeyFilter.ALL, 1000, now)) {
          assertThat(counters.count(name, key, now)).isNotNegative();
        }
      }
      rounds++;
    }
    return rounds;
  }

  /** The short-lived namespaces are gone soon, and with them all but the lasting events. */
  private void awaitOnly(MemoryCounters counters, byte[] lasting, long hits) {
    long deadline = time.nanos() + TimeUnit.SECONDS.toNanos(120);
    while (counters.namespaces(time.millis()).size() > 1 && time.nanos() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(counters.namespaces(time.millis())).containsExactly(lasting);
    assertThat(counters.countAll(time.millis())).isEqualTo(hits);
  }
}
