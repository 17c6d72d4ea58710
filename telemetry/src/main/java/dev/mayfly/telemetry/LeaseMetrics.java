package dev.mayfly.telemetry;

import dev.mayfly.store.LeaseStats;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What leases there are and were, as metrics. Confined to the scrape. */
public final class LeaseMetrics extends SampledMetrics<LeaseStats> {
  /**
   * The metrics of a store's leases.
   *
   * @param source its {@code Leases.stats}
   */
  public LeaseMetrics(Supplier<LeaseStats> source) {
    super(source);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "mayfly.leases", "Leases that keys may live on.", LeaseStats::leases);
    gauge(registry, "mayfly.leased.keys", "Keys that live on a lease.", LeaseStats::keys);
    counter(registry, "mayfly.leases.granted", "Leases granted.", LeaseStats::granted);
    counter(registry, "mayfly.leases.renewals", "Renewals of leases.", LeaseStats::renewals);
    counter(
        registry,
        "mayfly.leases.expired",
        "Leases that ended since nobody renewed them.",
        LeaseStats::expired);
    counter(registry, "mayfly.leases.revoked", "Leases revoked.", LeaseStats::revoked);
  }
}
