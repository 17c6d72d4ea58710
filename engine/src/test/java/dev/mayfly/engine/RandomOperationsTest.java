package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Event;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReservedKeys;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.StoreStats;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.testing.ModelKeyspace;
import dev.mayfly.testing.RandomRequests;
import dev.mayfly.testing.Shown;
import dev.mayfly.testing.StoreLimits;
import dev.mayfly.testing.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on the engine, with checked memory and virtual time, beside the model: results,
 * refusals and events must be the same. {@code -Dseed=} repeats one round; {@code -Dsoak=} minutes
 * makes it longer.
 */
class RandomOperationsTest {
  private static final int ROUNDS = 6;
  private static final int ROUNDS_PER_MINUTE = 60;
  private static final int OPERATIONS = 5_000;
  private static final long LAG_MILLIS_MAX = 20;

  private final VirtualTime time = new VirtualTime();

  static List<Long> seeds() {
    Long given = Long.getLong("seed");
    if (given != null) {
      return List.of(given);
    }
    List<Long> seeds = new ArrayList<>(List.of(1L, 2L));
    Random random = new Random();
    long rounds = Math.max(ROUNDS, Long.getLong("soak", 0) * ROUNDS_PER_MINUTE);
    while (seeds.size() < rounds) {
      seeds.add(random.nextLong());
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void operations_inAnyOrder_areThoseOfTheModel(long seed) {
    System.out.println("RandomOperationsTest: -Dseed=" + seed);
    new Round(seed).run();
  }

  /** One engine and one model, and what happened to them so far. */
  private final class Round {
    private final Random random;
    private final StoreLimits limits;
    private final RandomRequests requests;
    private final String name;

    Round(long seed) {
      random = new Random(seed);
      name = "-Dseed=" + seed;
      limits =
          StoreLimits.DEFAULT
              .withHistory(5, random.nextBoolean() ? 5_000 : 0)
              .withKeysMax(random.nextBoolean() ? 30 : 0);
      requests = new RandomRequests(random, 10 + random.nextInt(60));
    }

    void run() {
      try (MemoryKeyspace engine = new MemoryKeyspace(MemoryStores.config(limits), time)) {
        long newest = engine.eventLog().newestRevision();
        ModelKeyspace model = new ModelKeyspace(limits, newest + 1);
        Pair pair =
            new Pair(
                engine, model, engine.eventLog().readFromEnd(), model.eventLog().readFromEnd());
        for (int i = 0; i < OPERATIONS; i++) {
          pass();
          step(pair, "%s, operation %d".formatted(name, i));
        }
      }
    }

    private void pass() {
      switch (random.nextInt(20)) {
        case 0 -> time.advanceMillis(random.nextInt(3_000));
        case 1, 2, 3 -> time.advanceMillis(random.nextInt(20));
        default -> {}
      }
    }

    private void transact(Pair pair, TransactionRequest request, Stamp stamp, String where) {
      // One that goes on after refusals ends what is past where it comes to it, perhaps after reads
      // that told of it: so does the model's.
      boolean endsFirst = request.onRefusal() == TransactionRequest.OnRefusal.NOTHING_DONE;
      pair.compare(
          () -> pair.engine.transact(request, stamp),
          () -> pair.model.transact(request, stamp),
          endsFirst,
          where + ": " + Shown.of(request));
    }

    private void step(Pair pair, String where) {
      long now = time.millis();
      Stamp stamp = new Stamp(now, random.nextBoolean() ? "alice" : "bob");
      long newest = pair.model.eventLog().newestRevision();
      switch (random.nextInt(200)) {
        case 0, 1, 2, 3, 4 -> pair.maintain(now, where);
        case 5 -> pair.compareScans(stamp, 1 + random.nextInt(40), where);
        case 6 -> pair.sweep(stamp, random.nextBoolean(), where);
        case 7, 8, 9 -> pair.compareStats(limits, where);
        case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 -> {
          // The engine looks for room when nothing else refuses a transaction, the model where it
          // comes to it: with a limit on keys, the refusals told would differ.
          if (limits.keysMax() == 0) {
            transact(pair, requests.transaction(now, newest), stamp, where);
          }
        }
        case 21, 22, 23, 24, 25 -> {
          TransferRequest request = requests.transfer();
          pair.compare(
              () -> pair.engine.transfer(request, stamp),
              () -> pair.model.transfer(request, stamp),
              where + ": " + Shown.of(request));
        }
        case 26, 27, 28, 29, 30, 31, 32, 33 -> {
          int version = random.nextInt(10) - 5;
          HistoryRequest request = new HistoryRequest(requests.key(), version == 0 ? 1 : version);
          pair.compare(
              () -> pair.engine.history(request, stamp),
              () -> pair.model.history(request, stamp),
              where + ": " + Shown.of(request));
        }
        default -> {
          if (random.nextInt(4) == 0) {
            ReadRequest request = requests.read();
            pair.compare(
                () -> pair.engine.read(request, stamp),
                () -> pair.model.read(request, stamp),
                where + ": " + Shown.of(request));
          } else {
            KeyMutation<?> request = requests.mutation(now, newest);
            pair.compare(
                () -> pair.engine.apply(request, stamp),
                () -> pair.model.apply(request, stamp),
                where + ": " + Shown.of(request));
          }
        }
      }
    }
  }

  /** The two stores and readers of their events. */
  private record Pair(
      MemoryKeyspace engine, ModelKeyspace model, EventReader told, EventReader expected) {
    private static @Nullable Object outcome(Supplier<? extends @Nullable Object> call) {
      try {
        return call.get();
      } catch (MayflyException e) {
        return e;
      }
    }

    private static List<Event> drain(EventReader reader) {
      List<Event> events = new ArrayList<>();
      while (reader.poll(100, events::add) > 0) {
        // Until there are none.
      }
      return events;
    }

    void compare(
        Supplier<? extends @Nullable Object> onEngine,
        Supplier<? extends @Nullable Object> onModel,
        String where) {
      compare(onEngine, onModel, true, where);
    }

    void compare(
        Supplier<? extends @Nullable Object> onEngine,
        Supplier<? extends @Nullable Object> onModel,
        boolean endsFirst,
        String where) {
      Object result = outcome(onEngine);
      List<Event> events = drain(told);
      // What the engine ended because its time had come, the model ends in the same order.
      for (Event event : events) {
        if (!endsFirst || !event.client().equals(ReservedKeys.SYSTEM_CLIENT)) {
          break;
        }
        if (event.index() == 0) {
          model.reap(event.key(), event.timeMillis());
        }
      }
      Object expectedResult = outcome(onModel);
      compareEvents(events, where);
      assertThat(Shown.of(result)).as(where).isEqualTo(Shown.of(expectedResult));
    }

    private void compareEvents(List<Event> events, String where) {
      List<String> all = events.stream().map(Shown::of).toList();
      assertThat(all).as(where).isEqualTo(drain(expected).stream().map(Shown::of).toList());
    }

    void maintain(long nowMillis, String where) {
      MemoryStores.maintain(engine);
      List<Event> events = drain(told);
      for (Event event : events) {
        if (event.index() == 0) {
          assertThat(model.reap(event.key(), nowMillis)).as(where).isTrue();
        }
      }
      compareEvents(events, where);
      assertThat(model.overdue(nowMillis - LAG_MILLIS_MAX)).as(where).isZero();
    }

    void compareScans(Stamp stamp, int step, String where) {
      assertThat(scan(engine::scan, stamp, step))
          .as(where)
          .isEqualTo(scan(model::scan, stamp, step));
      compareEvents(drain(told), where);
    }

    private interface Scanned {
      ScanPage scan(ScanRequest request, Stamp stamp);
    }

    private static TreeSet<String> scan(Scanned store, Stamp stamp, int step) {
      TreeSet<String> found = new TreeSet<>();
      long cursor = ScanRequest.START;
      do {
        ScanPage page = store.scan(new ScanRequest(cursor, KeyFilter.ALL, step, true), stamp);
        page.entries().forEach(entry -> assertThat(found.add(Shown.of(entry))).isTrue());
        cursor = page.cursor();
      } while (cursor != ScanPage.END);
      return found;
    }

    void sweep(Stamp stamp, boolean forced, String where) {
      KeyFilter filter = KeyFilter.prefix("key1".getBytes(StandardCharsets.US_ASCII));
      long cursor = ScanRequest.START;
      SweepRequest request;
      do {
        request = new SweepRequest(cursor, filter, SweepRequest.What.KEYS, forced, 7);
        SweepPage page = engine.sweep(request, stamp);
        cursor = page.cursor();
      } while (cursor != ScanPage.END);
      List<Event> events = drain(told);
      for (Event event : events) {
        if (event.client().equals(ReservedKeys.SYSTEM_CLIENT)) {
          if (event.index() == 0) {
            assertThat(model.reap(event.key(), stamp.timeMillis())).as(where).isTrue();
          }
        } else {
          assertThat(model.isSweepable(event.key(), request, stamp)).as(where).isTrue();
          model.sweepKey(event.key(), stamp);
        }
      }
      compareEvents(events, where);
      assertThat(model.sweepable(request, stamp)).as(where).isZero();
    }

    void compareStats(StoreLimits limits, String where) {
      StoreStats stats = engine.stats();
      StoreStats expectedStats = model.stats();
      assertThat(stats.keys()).as(where).isEqualTo(expectedStats.keys());
      assertThat(stats.valueBytes()).as(where).isEqualTo(expectedStats.valueBytes());
      assertThat(stats.locks()).as(where).isEqualTo(expectedStats.locks());
      assertThat(stats.lifespans()).as(where).isEqualTo(expectedStats.lifespans());
      assertThat(stats.eventsByKind()).as(where).isEqualTo(expectedStats.eventsByKind());
      assertThat(stats.revision()).as(where).isEqualTo(expectedStats.revision());
      if (limits.deletedHistoryMillis() == 0) {
        assertThat(stats.historyKeys()).as(where).isEqualTo(expectedStats.historyKeys());
        assertThat(stats.historyVersions()).as(where).isEqualTo(expectedStats.historyVersions());
      }
    }
  }
}
