package dev.mayfly.server;

import dev.mayfly.engine.EngineConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.journal.Journal;
import dev.mayfly.journal.JournalException;
import dev.mayfly.journal.JournalStats;
import dev.mayfly.journal.RestoreReport;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import dev.mayfly.store.Watches;
import dev.mayfly.telemetry.CounterMetrics;
import dev.mayfly.telemetry.LeaseMetrics;
import dev.mayfly.telemetry.MetricSource;
import dev.mayfly.telemetry.StoreMetrics;
import dev.mayfly.telemetry.WatchMetrics;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is behind all doors of a server: the engine with its watches, the counters, and the journal
 * that keeps them where there is one. It owns them.
 *
 * <p>Safe for concurrent use, but for {@link #restore}, which comes first, and the closing.
 */
final class Stores {
  private final MayflyConfig config;
  private final @Nullable Journal journal;
  private final MemoryKeyspace keyspace;
  private final MemoryCounters counters;
  private final Watches watches;
  private final ReservedEntries reserved;
  private volatile Supplier<JournalStats> journalStats = () -> JournalStats.NONE;
  private String restored = "";
  private long clockBackMillis;

  private Stores(
      MayflyConfig config, TimeSource time, @Nullable Journal journal, MemoryKeyspace keyspace) {
    this.config = config;
    this.journal = journal;
    this.keyspace = keyspace;
    counters = new MemoryCounters(CounterParts.engine(config), time);
    reserved = ReservedTexts.entries(config, time.millis());
    watches =
        new Watches(
            keyspace,
            keyspace.eventLog(),
            keyspace.accesses(),
            reserved,
            time,
            config.events().watchersMax());
  }

  /** Opens them, empty; {@code undo} holds at any time how to close what is open. */
  static Stores open(MayflyConfig config, TimeSource time, Spans spans, Deque<Runnable> undo) {
    Journal journal = null;
    if (config.journal().isOn()) {
      journal = JournalParts.open(config, time, spans);
      undo.push(journal::close);
    }
    MemoryKeyspace keyspace = openEngine(config, time, journal);
    undo.push(keyspace::close);
    return new Stores(config, time, journal, keyspace);
  }

  private static MemoryKeyspace openEngine(
      MayflyConfig config, TimeSource time, @Nullable Journal journal) {
    EngineConfig engine = EngineParts.config(config);
    // While a journal restores, nothing may end before everything is there.
    MemoryKeyspace keyspace =
        journal == null
            ? new MemoryKeyspace(engine, time)
            : new MemoryKeyspace(engine.withThreads(false), time, journal.firstRevision());
    keyspace.readOnly(config.isReadOnly());
    return keyspace;
  }

  boolean isJournaled() {
    return journal != null;
  }

  /**
   * Brings back what the journal has, and lets the engine end what is past from here on.
   *
   * @throws StartException if that fails
   */
  void restore() {
    if (journal == null) {
      return;
    }
    try {
      RestoreReport report =
          journal.restore(
              keyspace.journal(),
              counters.journal(),
              keyspace.extras(),
              new JournalParts.Progress());
      journal.start();
      journalStats = journal::stats;
      keyspace.startThreads();
      restored = JournalParts.shown(report, config.journal().fresh());
      clockBackMillis = report.clockBackMillis();
    } catch (JournalException e) {
      throw JournalParts.failed(e);
    }
  }

  /** How they are kept, for people. */
  String dataShown() {
    return journal == null
        ? "in memory only"
        : "%s as '%s', %s".formatted(journal.place(), journal.server(), restored);
  }

  /** By how much the clock is behind what the journal knows; 0: it is not. */
  long clockBackMillis() {
    return clockBackMillis;
  }

  /** Whether the journal's database cannot be reached. */
  boolean isJournalAway() {
    return journal != null && journal.stats().isAway();
  }

  /** Whether something that was in the store could not be written when it was closed. */
  boolean hasLost() {
    return journal != null && journal.hasLost();
  }

  MemoryKeyspace keyspace() {
    return keyspace;
  }

  MemoryCounters counters() {
    return counters;
  }

  Watches watches() {
    return watches;
  }

  ReservedEntries reserved() {
    return reserved;
  }

  /** The engine as doors see it, once it is restored. */
  ShownStore shown() {
    return ShownStore.of(keyspace, journal);
  }

  SnapshotKeeper snapshots() {
    return journal == null ? SnapshotKeeper.NONE : journal.keeper();
  }

  List<MetricSource> metrics() {
    return List.of(
        new StoreMetrics(keyspace::stats, keyspace.eventLog()::oldestRevision),
        new WatchMetrics(watches::stats),
        new LeaseMetrics(keyspace.leases()::stats),
        new CounterMetrics(counters::stats),
        new JournalMetrics(() -> journalStats.get()));
  }

  /** Writes what is to be kept; the engine must be open still. */
  void closeJournal() {
    if (journal != null) {
      journal.close();
    }
  }

  /** Gives the memory back, which nobody may use any more. */
  void closeMemory() {
    keyspace.close();
    counters.close();
  }
}
