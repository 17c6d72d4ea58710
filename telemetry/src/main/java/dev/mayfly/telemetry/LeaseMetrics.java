package dev.mayfly.telemetry;

import dev.mayfly.store.LeaseStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What leases there are and were, as metrics. Confined to the scrape. */
public final class LeaseMetrics implements MetricSource {
  private final Supplier<LeaseStats> source;
  private LeaseStats stats;

  /**
   * The metrics of a store's leases.
   *
   * @param source its {@code Leases.stats}
   */
  public LeaseMetrics(Supplier<LeaseStats> source) {
    this.source = source;
    this.stats = source.get();
  }

  @Override
  public void refresh() {
    stats = source.get();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("mayfly.leases", this, self -> self.stats.leases())
        .description("Leases that keys may live on.")
        .register(registry);
    Gauge.builder("mayfly.leased.keys", this, self -> self.stats.keys())
        .description("Keys that live on a lease.")
        .register(registry);
    counter(registry, "mayfly.leases.granted", "Leases granted.", LeaseStats::granted);
    counter(registry, "mayfly.leases.renewals", "Renewals of leases.", LeaseStats::renewals);
    counter(
        registry,
        "mayfly.leases.expired",
        "Leases that ended since nobody renewed them.",
        LeaseStats::expired);
    counter(registry, "mayfly.leases.revoked", "Leases revoked.", LeaseStats::revoked);
  }

  private void counter(
      MeterRegistry registry, String name, String doc, ToDoubleFunction<LeaseStats> figure) {
    FunctionCounter.builder(name, this, self -> figure.applyAsDouble(self.stats))
        .description(doc)
        .register(registry);
  }
}
