package dev.mayfly.telemetry;

import dev.mayfly.store.EventKind;
import dev.mayfly.store.StoreStats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the store holds and did, as metrics.
 *
 * <p>One look at the store per scrape, however many metrics tell of it. Confined to the scrape.
 */
public final class StoreMetrics extends SampledMetrics<StoreStats> {
  private final LongSupplier oldestRevision;

  /**
   * The metrics of a store.
   *
   * @param source its {@code Keyspace.stats}
   * @param oldestRevision its {@code EventLog.oldestRevision}
   */
  public StoreMetrics(Supplier<StoreStats> source, LongSupplier oldestRevision) {
    super(source);
    this.oldestRevision = oldestRevision;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindContents(registry);
    bindLimits(registry);
    bindEvents(registry);
    bindPrunes(registry);
  }

  private void bindContents(MeterRegistry registry) {
    gauge(registry, "mayfly.keys", "Keys that exist.", StoreStats::keys);
    gauge(registry, "mayfly.keys.expiring", "Keys that have a deadline.", StoreStats::lifespans);
    gauge(registry, "mayfly.value.bytes", "Bytes of all values.", StoreStats::valueBytes);
    gauge(
        registry,
        "mayfly.bytes",
        "Memory that keys, values, index and history take.",
        StoreStats::usedBytes);
    gauge(registry, "mayfly.locks", "Locks that are held.", StoreStats::locks);
    gauge(registry, "mayfly.lock.waiters", "Who waits for a lock.", StoreStats::lockWaiters);
    gauge(registry, "mayfly.clients", "Clients that have registered.", StoreStats::clients);
    gauge(registry, "mayfly.history.keys", "Keys with older versions.", StoreStats::historyKeys);
    gauge(
        registry,
        "mayfly.history.versions",
        "Older versions that are kept.",
        StoreStats::historyVersions);
    gauge(registry, "mayfly.revision", "The newest revision.", StoreStats::revision);
    gauge(
        registry,
        "mayfly.expiry.lag.seconds",
        "How late the expiry that lags most behind is now.",
        now -> now.expiryLagMillis() / 1000.0);
  }

  private void bindLimits(MeterRegistry registry) {
    gauge(registry, "mayfly.keys.max", "The limit on keys; 0: none.", StoreStats::keysMax);
    gauge(registry, "mayfly.bytes.max", "The limit on mayfly_bytes.", StoreStats::usedBytesMax);
    gauge(
        registry,
        "mayfly.readonly",
        "1 while writes are refused, else 0.",
        now -> now.readOnly() ? 1 : 0);
  }

  private void bindEvents(MeterRegistry registry) {
    for (EventKind kind : EventKind.values()) {
      counterBuilder("mayfly.events", stats -> stats.events(kind))
          .tag("kind", kind.name().toLowerCase(Locale.ROOT))
          .description("Events since the start, by kind.")
          .register(registry);
    }
    Gauge.builder("mayfly.event.log.oldest.revision", oldestRevision, LongSupplier::getAsLong)
        .description("The oldest revision whose events are still held.")
        .register(registry);
  }

  private void bindPrunes(MeterRegistry registry) {
    counter(registry, "mayfly.prunes", "Prunes that completed.", StoreStats::prunes);
    counter(
        registry,
        "mayfly.prunes.eager",
        "Prunes that the creation of a key set off.",
        StoreStats::eagerPrunes);
    counter(registry, "mayfly.pruned.keys", "Keys removed to make room.", StoreStats::pruned);
  }
}
