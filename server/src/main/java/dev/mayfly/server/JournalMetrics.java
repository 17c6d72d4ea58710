package dev.mayfly.server;

import dev.mayfly.journal.JournalStats;
import dev.mayfly.telemetry.SampledMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What the journal did and how it is, as metrics. Confined to the scrape. */
final class JournalMetrics extends SampledMetrics<JournalStats> {
  JournalMetrics(Supplier<JournalStats> source) {
    super(source);
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
}
