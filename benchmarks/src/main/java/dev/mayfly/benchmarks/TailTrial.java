package dev.mayfly.benchmarks;

import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long sets take that come at a steady pace while a reader is busy, over a store that was
 * filled and churned. Open loop: a set's time counts from when it was to begin, so that waiting
 * behind a slow one counts too.
 */
final class TailTrial {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long HIGHEST_NANOS = 60 * NANOS_PER_SECOND;
  private static final double NANOS_PER_MICRO = 1000;
  private static final TimeSource TIME = new SystemTime();

  private TailTrial() {}

  /** The figures by name: microseconds by percentile, and gets a second beside. */
  static Map<String, Double> run(
      String name, int entries, long bytesMax, int setsPerSecond, long millis) {
    Map<String, Double> figures = new LinkedHashMap<>();
    try (Subject subject = Subject.of(name, bytesMax, entries)) {
      Load load = new Load(subject, entries, 2);
      load.fill();
      load.churn(2L * entries);
      AtomicBoolean stopped = new AtomicBoolean();
      AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
      Thread reader =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failed.set(e))
              .start(() -> read(subject, entries, stopped));
      pace(subject, entries, setsPerSecond, millis / 4);
      Histogram histogram = pace(subject, entries, setsPerSecond, millis);
      stopped.set(true);
      reader.join();
      if (failed.get() != null) {
        throw new IllegalStateException(failed.get());
      }
      figures.put("p50", histogram.getValueAtPercentile(50) / NANOS_PER_MICRO);
      figures.put("p99", histogram.getValueAtPercentile(99) / NANOS_PER_MICRO);
      figures.put("p99.9", histogram.getValueAtPercentile(99.9) / NANOS_PER_MICRO);
      figures.put("p99.99", histogram.getValueAtPercentile(99.99) / NANOS_PER_MICRO);
      figures.put("max", histogram.getMaxValue() / NANOS_PER_MICRO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return figures;
  }

  private static void read(Subject subject, int entries, AtomicBoolean stopped) {
    Keys keys = new Keys(entries, 5);
    while (!stopped.getOpaque()) {
      if (subject.get(keys.random(), TIME.millis()) == null) {
        throw new IllegalStateException("a key was not found");
      }
    }
  }

  private static Histogram pace(Subject subject, int entries, int setsPerSecond, long millis) {
    Histogram histogram = new Histogram(HIGHEST_NANOS, 3);
    Keys keys = new Keys(entries, millis);
    long sets = setsPerSecond * millis / 1000;
    long start = TIME.nanos();
    for (long i = 0; i < sets; i++) {
      long due = start + i * NANOS_PER_SECOND / setsPerSecond;
      while (TIME.nanos() < due) {
        Thread.onSpinWait();
      }
      subject.set(keys.random(), keys.value(), Load.LIFESPAN_MILLIS, TIME.millis());
      histogram.recordValue(Math.min(HIGHEST_NANOS, TIME.nanos() - due));
    }
    return histogram;
  }
}
