package dev.mayfly.benchmarks;

import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Limit;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TakeRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counters and limits in this process: what they take, and how much processor time of the calling
 * thread. Linux only.
 */
final class CounterTrial {
  /** The figure of leases that are given back at once, taking and giving together. */
  static final String GIVEN_BACK = "given_back";

  private static final byte[] NAMESPACE = "bench".getBytes(StandardCharsets.US_ASCII);
  private static final long HOUR = 3_600_000;
  private static final int READS = 2_000_000;
  private static final int TAKES = 1_000_000;
  private static final int ROUNDS = 4;
  private static final long BYTES_MAX = 4L << 30;

  private CounterTrial() {}

  private static MemoryCounters open(long windowMillis) {
    CounterConfig config = CounterConfig.of(CounterPolicy.ofWindow(windowMillis), BYTES_MAX);
    return new MemoryCounters(config, new SystemTime());
  }

  /** So many keys, each with so many live events that came over an hour. */
  static Map<String, Double> hot(int keys, int events) {
    Map<String, Double> figures = new LinkedHashMap<>();
    long now = new SystemTime().millis();
    try (MemoryCounters counters = open(2 * HOUR)) {
      byte[][] names = new byte[keys][];
      for (int i = 0; i < keys; i++) {
        names[i] = Keys.key(i);
      }
      long start = Clock.cpuNanos();
      for (int event = 0; event < events; event++) {
        long moment = now + HOUR * event / events;
        for (byte[] name : names) {
          counters.hit(NAMESPACE, name, 1, moment);
        }
      }
      figures.put("hit", (Clock.cpuNanos() - start) / ((double) keys * events));
      figures.put("megabytes", counters.stats().usedBytes() / 1e6);
      long sum = 0;
      for (int round = 0; round < ROUNDS; round++) {
        long begin = Clock.cpuNanos();
        for (int i = 0; i < READS; i++) {
          sum += counters.count(NAMESPACE, names[i % keys], now + HOUR);
        }
        figures.put("count", (Clock.cpuNanos() - begin) / (double) READS);
      }
      if (sum != (long) ROUNDS * READS * events) {
        throw new IllegalStateException("counted " + sum);
      }
    }
    return figures;
  }

  /** So many keys with one event each. */
  static Map<String, Double> keys(int keys) throws IOException {
    Map<String, Double> figures = new LinkedHashMap<>();
    long now = new SystemTime().millis();
    try (MemoryCounters warm = open(HOUR)) {
      for (int i = 0; i < 500_000; i++) {
        warm.hit(NAMESPACE, Keys.key(i), 1, now);
      }
    }
    try (MemoryCounters counters = open(HOUR)) {
      long idle = residentBytes();
      long start = Clock.cpuNanos();
      for (int i = 0; i < keys; i++) {
        counters.hit(NAMESPACE, Keys.key(i), 1, now + i / 1000);
      }
      figures.put("hit", (Clock.cpuNanos() - start) / (double) keys);
      figures.put("accounted", (double) counters.stats().usedBytes() / keys);
      figures.put("resident", (double) (residentBytes() - idle) / keys);
      if (counters.stats().keys() != keys) {
        throw new IllegalStateException("kept " + counters.stats().keys());
      }
    }
    return figures;
  }

  /** Takes of each kind, from so many keys. */
  static Map<String, Double> take(int keys) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (Limit.Kind kind : Limit.Kind.values()) {
      Limit limit =
          switch (kind) {
            case SLIDING_WINDOW -> Limit.slidingWindow(100, 10_000);
            case GCRA -> Limit.gcra(100, 10_000, 10);
            case TOKEN_BUCKET -> Limit.tokenBucket(100, 100, 10_000);
            case CONCURRENCY -> Limit.concurrency(10, 10);
          };
      figures.put(kind.name().toLowerCase(Locale.ROOT), take(keys, limit, false));
    }
    figures.put(GIVEN_BACK, take(keys, Limit.concurrency(10, HOUR), true));
    return figures;
  }

  private static double take(int keys, Limit limit, boolean givesBack) {
    double nanos = 0;
    SystemTime time = new SystemTime();
    try (MemoryCounters counters = open(HOUR)) {
      for (int round = 0; round < ROUNDS; round++) {
        long start = Clock.cpuNanos();
        long now = time.millis();
        for (int i = 0; i < TAKES; i++) {
          if ((i & 63) == 0) {
            now = time.millis();
          }
          byte[] name = Keys.key((i * 7_919L) % keys);
          long lease = counters.take(TakeRequest.of(NAMESPACE, name, 1, limit), now).lease();
          if (givesBack && !counters.release(NAMESPACE, name, lease, now)) {
            throw new IllegalStateException("lease " + lease + " was not held");
          }
        }
        nanos = (Clock.cpuNanos() - start) / (double) TAKES;
      }
    }
    return nanos;
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps_rollup"))) {
      if (line.startsWith("Rss:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no Rss in /proc/self/smaps_rollup");
  }
}
