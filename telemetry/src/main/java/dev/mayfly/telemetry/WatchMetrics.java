package dev.mayfly.telemetry;

import dev.mayfly.store.WatchStats;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** How watching goes, as metrics. Confined to the scrape. */
public final class WatchMetrics extends SampledMetrics<WatchStats> {
  /**
   * The metrics of a store's watches.
   *
   * @param source its {@code Watches.stats}
   */
  public WatchMetrics(Supplier<WatchStats> source) {
    super(source);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "mayfly.watchers", "Watches that are open.", WatchStats::watchers);
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
}
