package dev.mayfly.telemetry;

import dev.mayfly.store.CounterStats;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/**
 * What counters and limits hold and did, as metrics; beside mayfly's own names those that
 * dashboards of dracula read, as far as they mean something here. Confined to the scrape.
 */
public final class CounterMetrics extends SampledMetrics<CounterStats> {
  /**
   * The metrics of a store of counters.
   *
   * @param source its {@code Counters.stats}
   */
  public CounterMetrics(Supplier<CounterStats> source) {
    super(source);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "mayfly.counter.namespaces",
        "Namespaces with live events.",
        CounterStats::namespaces);
    gauge(registry, "mayfly.counter.keys", "Keys of counters and limits.", CounterStats::keys);
    gauge(registry, "mayfly.counter.events", "Live events.", CounterStats::events);
    gauge(
        registry,
        "mayfly.counter.used.bytes",
        "Memory of counters and limits.",
        CounterStats::usedBytes);
    gauge(registry, "mayfly.counter.max.bytes", "How much that may be.", CounterStats::bytesMax);
    gauge(
        registry,
        "mayfly.counter.expiry.lag.millis",
        "How far expiry is behind now.",
        CounterStats::lagMillis);
    counter(registry, "mayfly.counter.hits", "Hits that were counted.", CounterStats::hits);
    counter(registry, "mayfly.limit.takes", "Takes that were decided.", CounterStats::takes);
    counter(registry, "mayfly.limit.exceeded", "Takes over their limit.", CounterStats::denied);
    counter(
        registry, "mayfly.counter.refused", "Hits and takes without room.", CounterStats::refused);
    counter(
        registry, "mayfly.counter.evicted", "Keys that had to make room.", CounterStats::evicted);
    counter(
        registry, "mayfly.counter.expired", "Keys whose last event ended.", CounterStats::expired);
    dracula(registry);
  }

  /** Nothing is collected in rounds here: every namespace is always under care. */
  private void dracula(MeterRegistry registry) {
    gauge(
        registry,
        "dracula.max.namespaces.denom",
        "Which part of namespaces is collected: all.",
        some -> 1);
    gauge(
        registry,
        "dracula.namespaces.count",
        "Namespaces with live events.",
        CounterStats::namespaces);
    gauge(
        registry,
        "dracula.namespaces.gc.count",
        "Namespaces under care of expiry: all.",
        CounterStats::namespaces);
    gauge(registry, "dracula.keys.in.gc.namespaces", "Keys in these.", CounterStats::keys);
    gauge(
        registry,
        "dracula.key.sum.in.gc.namespaces",
        "Live events in these.",
        CounterStats::events);
    gauge(
        registry,
        "dracula.gc.pause.millis",
        "How far expiry is behind now.",
        CounterStats::lagMillis);
  }
}
