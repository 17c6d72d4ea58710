package dev.mayfly.server;

import dev.mayfly.journal.JournalStats;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What the journal did and how it is, as metrics. Confined to the scrape. */
final class JournalMetrics implements MetricSource {
  private final Supplier<JournalStats> source;
  private JournalStats stats = JournalStats.NONE;

  JournalMetrics(Supplier<JournalStats> source) {
    this.source = source;
  }

  @Override
  public void refresh() {
    stats = source.get();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "mayfly.journal.away",
        "1 while the journal's database does not take what is written.",
        s -> s.isAway() ? 1 : 0);
    gauge(
        registry,
        "mayfly.journal.backlog.bytes",
        "Changes that wait to be written.",
        JournalStats::backlogBytes);
    gauge(
        registry,
        "mayfly.journal.lag.millis",
        "For how long changes have been waiting.",
        JournalStats::lagMillis);
    gauge(
        registry,
        "mayfly.journal.durable.revision",
        "The newest revision that is written.",
        JournalStats::durableRevision);
    counter(registry, "mayfly.journal.blocks", "Blocks of changes written.", JournalStats::blocks);
    counter(registry, "mayfly.journal.block.bytes", "Bytes of these.", JournalStats::blockBytes);
    counter(registry, "mayfly.journal.failures", "Writes that failed.", JournalStats::failures);
    counter(registry, "mayfly.snapshots", "Snapshots completed.", JournalStats::snapshots);
    counter(
        registry,
        "mayfly.snapshot.failures",
        "Snapshots given up.",
        JournalStats::snapshotFailures);
    gauge(
        registry,
        "mayfly.snapshot.completed.seconds",
        "When the last snapshot was completed, since the epoch.",
        s -> s.snapshotMillis() / 1e3);
    gauge(
        registry,
        "mayfly.snapshot.took.millis",
        "How long the last snapshot took.",
        JournalStats::snapshotTookMillis);
    gauge(
        registry,
        "mayfly.snapshot.entries",
        "How many keys the last snapshot has.",
        JournalStats::snapshotEntries);
  }

  private void gauge(
      MeterRegistry registry, String name, String doc, ToDoubleFunction<JournalStats> figure) {
    Gauge.builder(name, this, self -> figure.applyAsDouble(self.stats))
        .description(doc)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, String doc, ToDoubleFunction<JournalStats> figure) {
    FunctionCounter.builder(name, this, self -> figure.applyAsDouble(self.stats))
        .description(doc)
        .register(registry);
  }
}
