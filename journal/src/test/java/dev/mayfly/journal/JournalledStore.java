package dev.mayfly.journal;

import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.EngineConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.CounterSource;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import dev.mayfly.store.Spans;
import dev.mayfly.testing.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** An engine with a journal, as a server would have them. */
final class JournalledStore implements AutoCloseable {
  final MemoryKeyspace keyspace;
  final MemoryCounters counters;
  final Journal journal;
  final RestoreReport report;
  private boolean closed;

  JournalledStore(JournalConfig config, VirtualTime time) {
    this(config, time, 5);
  }

  JournalledStore(JournalConfig config, VirtualTime time, int historyMax) {
    journal = Journal.open(config, time, 1, Spans.OFF);
    keyspace =
        new MemoryKeyspace(
            EngineConfig.forTests().withHistory(historyMax, 50_000), time, journal.firstRevision());
    counters = new MemoryCounters(CounterConfig.forTests(CounterPolicy.ofWindow(60_000)), time);
    try {
      report =
          journal.restore(keyspace.journal(), counters.journal(), keyspace.extras(), new Silent());
      journal.start();
    } catch (RuntimeException e) {
      crash();
      throw e;
    }
  }

  static JournalConfig config(JournalPlace place, JournalConfig.Mode mode) {
    return new JournalConfig(place, "", "test", mode, Duration.ZERO, 3, false, 64 << 20, 0);
  }

  /** Stops as if the process was killed: what is not written by now never will be. */
  void crash() {
    if (!closed) {
      closed = true;
      journal.abandon();
      keyspace.close();
      counters.close();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      journal.close();
      keyspace.close();
      counters.close();
    }
  }

  /** Goes on in time, if need be, until nothing that is past its deadline is still there. */
  void endWhatIsPast(VirtualTime time) {
    for (int tries = 0; tries < 1_000; tries++) {
      keyspace.maintain();
      long now = time.millis();
      if (entries().stream()
          .allMatch(entry -> entry.deadlineMillis() == 0 || entry.deadlineMillis() > now)) {
        return;
      }
      time.advanceMillis(1);
    }
    throw new AssertionError("what is past does not end");
  }

  private List<SavedEntry> entries() {
    List<SavedEntry> entries = new ArrayList<>();
    long cursor = JournalSource.START;
    do {
      cursor = keyspace.journal().save(cursor, 100, entries);
    } while (cursor != JournalSource.END);
    return entries;
  }

  /** Everything in it, by key, as text. */
  Map<String, String> contents() {
    List<SavedEntry> entries = entries();
    Map<String, String> contents = new TreeMap<>();
    for (SavedEntry entry : entries) {
      contents.put(text(entry.key()), text(entry));
    }
    List<SavedCounter> counted = new ArrayList<>();
    long from = CounterSource.START;
    while (from != CounterSource.END) {
      from = counters.journal().saveCounters(from, 100, counted);
    }
    for (SavedCounter counter : counted) {
      contents.put(
          counter.kind() + " " + text(counter.namespace()) + " " + text(counter.key()),
          CounterText.encode(counter));
    }
    return contents;
  }

  /** Waits for something that one of the journal's threads does. */
  static void await(BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int tries = 0; tries < 6_000; tries++) {
      if (condition.getAsBoolean()) {
        return;
      }
      if (never.await(10, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody counts it down");
      }
    }
    throw new AssertionError("it never came");
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** All but metrics: reads do not go to the log. */
  private static String text(SavedEntry entry) {
    StringBuilder text = new StringBuilder();
    text.append(Arrays.hashCode(entry.value())).append(' ').append(entry.value().length);
    text.append(" r").append(entry.revision()).append(" v").append(entry.version());
    text.append(" c").append(entry.createdMillis()).append(" u").append(entry.updatedMillis());
    text.append(" d").append(entry.deadlineMillis()).append(" s");
    text.append(entry.lifespanSetMillis())
        .append(" l")
        .append(entry.lease())
        .append(' ')
        .append(entry.contentType());
    text.append(' ').append(entry.tracked()).append(' ').append(entry.gone());
    text.append(' ').append(entry.lock()).append(' ').append(entry.metrics() != null);
    entry
        .history()
        .forEach(
            past ->
                text.append(" [")
                    .append(Arrays.hashCode(past.value()))
                    .append(' ')
                    .append(past.version())
                    .append(' ')
                    .append(past.revision())
                    .append(' ')
                    .append(past.timeMillis())
                    .append(' ')
                    .append(past.contentType())
                    .append(']'));
    return text.toString();
  }

  /** Hears of nothing. */
  private static final class Silent implements RestoreProgress {
    @Override
    public void onEntries(long loaded, long all) {}

    @Override
    public void onChanges(long replayed) {}
  }
}
