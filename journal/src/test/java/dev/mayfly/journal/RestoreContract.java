package dev.mayfly.journal;

import static dev.mayfly.journal.JournalledStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Limit;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.testing.RandomRequests;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store has when it comes back, on each database. */
abstract class RestoreContract extends StoredContract {
  private void fill(JournalledStore store) {
    Stamp stamp = stamp("a");
    store.keyspace.apply(
        SetRequest.of(bytes("short"), bytes("1"), Lifespan.ofMillis(20_000), RULES), stamp);
    store.keyspace.apply(
        SetRequest.of(bytes("long"), bytes("1"), Lifespan.ofMillis(90_000), RULES), stamp);
    for (int i = 0; i < 8; i++) {
      time.advanceMillis(10);
      store.keyspace.apply(
          SetRequest.of(bytes("versions"), bytes("v" + i), Lifespan.UNSTATED, RULES), stamp("a"));
    }
    store.keyspace.apply(
        new LockRequest(bytes("locked"), 30_000, true, false, RULES), stamp("owner"));
    store.counters.hit(bytes("login"), bytes("10.0.0.7"), 3, time.millis());
    time.advanceMillis(1_000);
    store.counters.hit(bytes("login"), bytes("10.0.0.7"), 4, time.millis());
    store.counters.take(
        TakeRequest.of(bytes("n"), bytes("k"), 4, Limit.slidingWindow(5, 60_000)), time.millis());
    store.counters.take(
        TakeRequest.of(bytes("n"), bytes("k"), 3, Limit.gcra(10, 60_000, 5)), time.millis());
    store.counters.take(
        TakeRequest.of(bytes("n"), bytes("k"), 1, Limit.concurrency(1, 60_000)), time.millis());
    set(store, "plain", "\u0000\u00ff");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void close_everyKindOfState_isThereAfterwards(Mode mode) {
    Map<String, String> before;
    try (JournalledStore store = open(mode)) {
      fill(store);
      before = store.contents();
    }

    try (JournalledStore store = open(mode)) {
      assertThat(store.contents()).isEqualTo(before);
      assertThat(store.report.snapshot()).isNotNull();
      assertThat(
              store.keyspace.history(new HistoryRequest(bytes("versions"), -2), stamp("a")).value())
          .isEqualTo(bytes("v5"));
      assertThat(store.counters.count(bytes("login"), bytes("10.0.0.7"), time.millis()))
          .isEqualTo(7);
      assertThat(store.keyspace.stats().keys()).isEqualTo(5);
    }
  }

  @Test
  void restore_timePassed_endsWhatIsPastAndKeepsTheRest() {
    try (JournalledStore store = open(Mode.RELAXED)) {
      fill(store);
    }
    time.advanceMillis(25_000);

    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(get(store, "short")).isEqualTo("-");
      assertThat(get(store, "long")).isEqualTo("1");
      assertThatThrownBy(() -> set(store, "locked", "x"))
          .isInstanceOfSatisfying(
              MayflyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCKED));
      time.advanceMillis(10_000);
      set(store, "locked", "x");
      time.advanceMillis(26_000);
      assertThat(store.counters.count(bytes("login"), bytes("10.0.0.7"), time.millis())).isZero();
      assertThat(
              store
                  .counters
                  .take(
                      TakeRequest.of(bytes("n"), bytes("k"), 5, Limit.slidingWindow(5, 60_000)),
                      time.millis())
                  .exceeded())
          .isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void restart_afterAnyEnd_tokensAndRevisionsRise(Mode mode) {
    long before = 0;
    for (int round = 0; round < 3; round++) {
      JournalledStore store = open(mode);
      LockResult lock =
          store.keyspace.apply(
              new LockRequest(bytes("l" + round), 30_000, true, false, RULES), stamp("owner"));
      assertThat(lock.token()).isGreaterThan(before);
      before = lock.token();
      if (round == 1) {
        store.crash();
      } else {
        store.close();
      }
    }
  }

  @Test
  void crash_relaxed_losesNothingThatWasFlushed() {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int round = 0; round < 4; round++) {
      Map<String, String> before;
      JournalledStore store = open(Mode.RELAXED);
      RandomRequests requests = new RandomRequests(random, 40);
      for (int i = 0; i < 1_500; i++) {
        time.advanceMillis(random.nextInt(20));
        run(store, requests, random);
        if (i == 700 && round % 2 == 1) {
          store.journal.snapshot();
        }
      }
      store.endWhatIsPast(time);
      store.journal.flush();
      before = store.contents();
      store.crash();

      try (JournalledStore again = open(Mode.RELAXED)) {
        assertThat(again.contents()).as("seed %d round %d", seed, round).isEqualTo(before);
        again.crash();
      }
    }
  }

  private void run(JournalledStore store, RandomRequests requests, Random random) {
    try {
      Stamp stamp = stamp("c" + random.nextInt(2));
      long newest = store.keyspace.eventLog().newestRevision();
      switch (random.nextInt(8)) {
        case 0 -> store.keyspace.transact(requests.transaction(time.millis(), newest), stamp);
        case 1 -> store.keyspace.transfer(requests.transfer(), stamp);
        default -> store.keyspace.apply(requests.mutation(time.millis(), newest), stamp);
      }
      if (random.nextInt(10) == 0) {
        store.keyspace.maintain();
      }
    } catch (MayflyException e) {
      assertThat(e.code()).isNotEqualTo(ErrorCode.INTERNAL);
    }
  }
}
