package dev.mayfly.telemetry;

import dev.mayfly.store.WatchStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** How watching goes, as metrics. Confined to the scrape. */
public final class WatchMetrics implements MetricSource {
  private final Supplier<WatchStats> source;
  private WatchStats stats;

  /**
   * The metrics of a store's watches.
   *
   * @param source its {@code Watches.stats}
   */
  public WatchMetrics(Supplier<WatchStats> source) {
    this.source = source;
    this.stats = source.get();
  }

  @Override
  public void refresh() {
    stats = source.get();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("mayfly.watchers", this, self -> self.stats.watchers())
        .description("Watches that are open.")
        .register(registry);
    counter(registry, "mayfly.watch.gaps", "Gap notices told.", WatchStats::gaps);
    counter(
        registry,
        "mayfly.watch.missed.revisions",
        "Mutations that gap notices stand for, where known.",
        WatchStats::missedRevisions);
    counter(
        registry,
        "mayfly.watch.coalesced.events",
        "Events that gave way to a newer one of their key.",
        WatchStats::coalesced);
    counter(
        registry,
        "mayfly.accesses.dropped",
        "Accesses that a watcher lost.",
        WatchStats::droppedAccesses);
  }

  private void counter(
      MeterRegistry registry, String name, String doc, ToDoubleFunction<WatchStats> figure) {
    FunctionCounter.builder(name, this, self -> figure.applyAsDouble(self.stats))
        .description(doc)
        .register(registry);
  }
}
