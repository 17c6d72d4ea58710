package dev.mayfly.benchmarks;

import dev.mayfly.store.StoreStats;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Resident bytes per entry above an idle engine, and the share that is still held a minute after
 * all entries have expired. Linux only: it reads {@code /proc/self/smaps_rollup}.
 *
 * <p>Idle means that the same code has run before, in an engine that is closed again, and that the
 * heap has a fixed size and is touched, so that what the JVM itself takes does not count. The event
 * log is small, and its ring is full before idle is read.
 */
final class MemoryTrial {
  private static final long WARM_UP_ENTRIES = 200_000;
  private static final long KIB = 1024;
  private static final long RELEASE_MILLIS = 60_000;
  private static final long STEP_MILLIS = 1_000;
  private static final long MILLIS_PER_MILLION = 15_000;
  private static final long MILLION = 1_000_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long SPREAD_MILLIS = 10_000;
  private static final long SETTLE_MILLIS = 3_000;
  private static final long WARM_UP_LIFESPAN_MILLIS = 3_000;

  private static final TimeSource TIME = new SystemTime();

  private MemoryTrial() {}

  /** The figures by name: bytes per entry by kind, and the share that is left. */
  static Map<String, Double> run(int entries, long bytesMax) {
    warmUp(bytesMax);
    Map<String, Double> figures = new LinkedHashMap<>();
    try (EngineSubject subject = new EngineSubject(EngineSubject.config(bytesMax))) {
      fill(subject, WARM_UP_ENTRIES, TIME.millis() + WARM_UP_LIFESPAN_MILLIS, 1);
      await(TIME.millis() + 2 * WARM_UP_LIFESPAN_MILLIS);
      long idle = residentBytes();
      long fillMillis = MILLIS_PER_MILLION * Math.max(1, entries / MILLION) + SETTLE_MILLIS;
      long deadline = TIME.millis() + fillMillis;
      fill(subject, entries, deadline, SPREAD_MILLIS);
      await(Math.min(deadline - STEP_MILLIS, TIME.millis() + SETTLE_MILLIS));
      double full = residentBytes() - idle;
      StoreStats stats = subject.keyspace().stats();
      if (stats.keys() < entries) {
        throw new IllegalStateException("filling took too long: keys expired meanwhile");
      }
      figures.put("resident", full / entries);
      figures.put("accounted", (double) stats.usedBytes() / entries);
      await(deadline + SPREAD_MILLIS + 1);
      double left = full;
      long ended = 0;
      while (ended < RELEASE_MILLIS && left > full * 0.15) {
        await(TIME.millis() + STEP_MILLIS);
        ended += STEP_MILLIS;
        left = residentBytes() - idle;
      }
      figures.put("left.seconds", ended / 1000.0);
      await(deadline + SPREAD_MILLIS + RELEASE_MILLIS);
      figures.put("left.share", (residentBytes() - idle) / full);
      figures.put("left.keys", (double) subject.keyspace().stats().keys());
    }
    return figures;
  }

  /** Lets the compilers do their work before idle is read: writing, reading, expiring. */
  private static void warmUp(long bytesMax) {
    try (EngineSubject subject = new EngineSubject(EngineSubject.config(bytesMax))) {
      for (int round = 0; round < 3; round++) {
        fill(subject, WARM_UP_ENTRIES, TIME.millis() + WARM_UP_LIFESPAN_MILLIS, 1);
        await(TIME.millis() + WARM_UP_LIFESPAN_MILLIS);
      }
    }
  }

  /** Sets keys whose deadlines lie evenly in a time from the first one on. */
  private static void fill(EngineSubject subject, long entries, long deadline, long spread) {
    Keys keys = new Keys(1, 1);
    for (long i = 0; i < entries; i++) {
      long now = TIME.millis();
      long lifespan = Math.max(1, deadline + i * spread / entries - now);
      subject.set(Keys.key(i), keys.value(), lifespan, now);
    }
  }

  private static void await(long millis) {
    for (long left = millis - TIME.millis(); left > 0; left = millis - TIME.millis()) {
      LockSupport.parkNanos(left * NANOS_PER_MILLI);
    }
  }

  private static long residentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/smaps_rollup"))) {
        if (line.startsWith("Rss:")) {
          return KIB * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      throw new IllegalStateException("no Rss in /proc/self/smaps_rollup");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
