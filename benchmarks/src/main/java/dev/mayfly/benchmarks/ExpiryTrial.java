package dev.mayfly.benchmarks;

import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How long after its deadline a key's EXPIRED event reaches a reader of the event log, while many
 * keys expire evenly over a time. The reader waits for news as a watch does, by callback.
 */
final class ExpiryTrial {
  private static final long FILL_MILLIS = 20_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int BATCH = 1024;
  private static final TimeSource TIME = new SystemTime();

  private final Histogram late = new Histogram(60_000_000, 3);
  private final EngineSubject subject;
  private final long first;
  private final int entries;
  private final long spreadMillis;

  private ExpiryTrial(EngineSubject subject, int entries, long spreadMillis) {
    this.subject = subject;
    this.entries = entries;
    this.spreadMillis = spreadMillis;
    first = TIME.millis() + FILL_MILLIS;
  }

  /** The figures by name: milliseconds by percentile. */
  static Map<String, Double> run(int entries, long bytesMax, long spreadMillis) {
    try (EngineSubject subject = new EngineSubject(EngineSubject.config(bytesMax))) {
      return new ExpiryTrial(subject, entries, spreadMillis).measure();
    }
  }

  private Map<String, Double> measure() {
    Keys keys = new Keys(1, 1);
    for (int i = 0; i < entries; i++) {
      long now = TIME.millis();
      subject.set(Keys.key(i), keys.value(), deadline(i) - now, now);
    }
    if (TIME.millis() >= first) {
      throw new IllegalStateException("filling took too long: keys expired meanwhile");
    }
    EventReader reader = subject.keyspace().eventLog().readFromEnd();
    Thread waiting = Thread.currentThread();
    long end = first + spreadMillis + FILL_MILLIS;
    while (late.getTotalCount() < entries && TIME.millis() < end) {
      if (reader.poll(BATCH, this::record) == 0) {
        try (var news = subject.keyspace().eventLog().onAppend(() -> LockSupport.unpark(waiting))) {
          if (reader.poll(BATCH, this::record) == 0) {
            LockSupport.parkNanos(news, FILL_MILLIS * NANOS_PER_MILLI);
          }
        }
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("events", (double) late.getTotalCount());
    figures.put("p50", late.getValueAtPercentile(50) / 1000.0);
    figures.put("p99", late.getValueAtPercentile(99) / 1000.0);
    figures.put("p99.9", late.getValueAtPercentile(99.9) / 1000.0);
    figures.put("max", late.getMaxValue() / 1000.0);
    return figures;
  }

  private long deadline(long number) {
    return first + number * spreadMillis / entries;
  }

  private void record(Event event) {
    if (event.kind() == EventKind.EXPIRED) {
      // The deadline is a whole millisecond and so is the clock: one more is the worst case.
      long lateMillis = TIME.millis() - deadline(Keys.number(event.key()));
      late.recordValue(Math.max(0, lateMillis) * 1000);
    }
  }
}
