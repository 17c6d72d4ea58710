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
import dev.mayfly.store.Operation;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.testing.RandomRequests;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a journal does, on each database. */
abstract class JournalContract extends ArchiveContract {
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.RENEW, false, 5, true);
  private static final Rules PLAIN =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, false);

  private Stamp stamp(String client) {
    return new Stamp(time.millis(), client);
  }

  private void set(JournalledStore store, String key, String value) {
    store.keyspace.apply(
        SetRequest.of(bytes(key), bytes(value), Lifespan.UNSTATED, PLAIN), stamp("a"));
  }

  private String get(JournalledStore store, String key) {
    var entry = store.keyspace.read(ReadRequest.value(bytes(key)), stamp("a"));
    return entry == null ? "-" : JournalledStore.text(entry.value());
  }

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

  @ParameterizedTest
  @EnumSource(Mode.class)
  void snapshot_whileWritesGoOn_isTheStoreAtOneRevision(Mode mode) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    JournalledStore store = open(mode);
    for (int i = 0; i < 20_000; i++) {
      set(store, "filling" + i, "some value of some length " + i);
    }
    List<Thread> writers = new ArrayList<>();
    for (int w = 0; w < 2; w++) {
      int writer = w;
      writers.add(Thread.ofPlatform().start(() -> writePairs(store, writer, stop)));
    }
    SnapshotInfo info = store.journal.snapshot();
    stop.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    store.crash();

    JournalConfig config = JournalledStore.config(place(), mode);
    JournalTables.chooseSnapshot(config.place(), info.id());
    try (JournalledStore again = new JournalledStore(config, time)) {
      assertThat(again.report.snapshot()).isEqualTo(info);
      for (int writer = 0; writer < 2; writer++) {
        requireOneMoment(again, writer);
      }
      again.crash();
    }
  }

  /** Number n goes to the keys n mod 10, in pairs that are always equal. */
  private void writePairs(JournalledStore store, int writer, AtomicBoolean stop) {
    for (int n = 0; !stop.get(); n++) {
      byte[] value = bytes(Integer.toString(n));
      List<Operation> both =
          List.of(
              write("w" + writer + "a" + n % 10, value), write("w" + writer + "b" + n % 10, value));
      store.keyspace.transact(
          new TransactionRequest(
              List.of(), both, List.of(), TransactionRequest.OnRefusal.NOTHING_DONE),
          stamp("a"));
    }
  }

  private static Operation write(String key, byte[] value) {
    return new Operation.Write(SetRequest.of(bytes(key), value, Lifespan.UNSTATED, PLAIN));
  }

  private void requireOneMoment(JournalledStore store, int writer) {
    int newest = -1;
    for (int i = 0; i < 10; i++) {
      String value = get(store, "w" + writer + "a" + i);
      assertThat(get(store, "w" + writer + "b" + i)).isEqualTo(value);
      newest = value.equals("-") ? newest : Math.max(newest, Integer.parseInt(value));
    }
    for (int i = 0; i < 10; i++) {
      int expected = newest < i ? -1 : newest - Math.floorMod(newest - i, 10);
      assertThat(get(store, "w" + writer + "a" + i))
          .isEqualTo(expected < 0 ? "-" : Integer.toString(expected));
    }
  }

  @Test
  void snapshot_nothingChanged_isSkipped() {
    try (JournalledStore store = open(Mode.SNAPSHOT)) {
      set(store, "a", "1");
    }
    long first;
    try (JournalledStore store = open(Mode.SNAPSHOT)) {
      first = store.journal.snapshots().getFirst().id();
    }
    try (JournalledStore store = open(Mode.SNAPSHOT)) {
      assertThat(store.journal.snapshots()).hasSize(1);
      assertThat(store.journal.snapshots().getFirst().id()).isEqualTo(first);
    }
  }

  @Test
  void snapshots_moreThanKept_theOldestGoWithAllTheyHave() throws SQLException {
    try (JournalledStore store = open(Mode.RELAXED)) {
      for (int i = 0; i < 6; i++) {
        set(store, "a", "" + i);
        store.journal.snapshot();
      }
      assertThat(store.journal.snapshots()).hasSize(3);
      assertThat(JournalTables.count(place(), "mayfly_snapshot_entries")).isEqualTo(3);
      assertThat(JournalTables.count(place(), "mayfly_changes")).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void start_halfWrittenSnapshot_isIgnored() throws SQLException {
    try (JournalledStore store = open(Mode.SNAPSHOT)) {
      set(store, "a", "1");
      store.journal.snapshot();
      set(store, "a", "2");
      store.journal.snapshot();
      store.crash();
    }
    JournalTables.run(
        place(),
        "UPDATE mayfly_snapshots SET complete = 0"
            + " WHERE id = (SELECT MAX(id) FROM mayfly_snapshots)");

    try (JournalledStore store = open(Mode.SNAPSHOT)) {
      assertThat(get(store, "a")).isEqualTo("1");
      store.crash();
    }
  }

  @Test
  void start_fresh_ignoresAndDeletesNothing() {
    try (JournalledStore store = open(Mode.RELAXED)) {
      set(store, "a", "1");
    }
    JournalConfig config =
        new JournalConfig(place(), "", "test", Mode.RELAXED, Duration.ZERO, 3, true, 64 << 20, 0);
    try (JournalledStore store = new JournalledStore(config, time)) {
      assertThat(get(store, "a")).isEqualTo("-");
      set(store, "b", "2");
      store.journal.flush();
      assertThat(store.journal.snapshots()).hasSize(2);
      store.crash();
    }

    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(get(store, "a")).isEqualTo("-");
      assertThat(get(store, "b")).isEqualTo("2");
    }
  }

  @Test
  void strict_onDurable_isCalledOnceACrashCannotTakeItBack() throws InterruptedException {
    JournalledStore store = open(Mode.STRICT);
    for (int i = 0; i < 20; i++) {
      set(store, "a", "" + i);
      CountDownLatch told = new CountDownLatch(1);
      store.journal.durability().onDurable(store.journal.durability().revision(), told::countDown);
      assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
    }
    store.crash();

    try (JournalledStore again = open(Mode.STRICT)) {
      assertThat(get(again, "a")).isEqualTo("19");
    }
  }

  @Test
  void databaseAway_relaxed_servesAndCatchesUp() throws Exception {
    try (JournalledStore store = open(Mode.RELAXED)) {
      set(store, "a", "1");
      store.journal.flush();
      JournalTables.run(place(), "ALTER TABLE mayfly_changes RENAME TO mayfly_gone");
      set(store, "a", "2");
      JournalledStore.await(() -> store.journal.stats().isAway());
      set(store, "b", "3");
      JournalTables.run(place(), "ALTER TABLE mayfly_gone RENAME TO mayfly_changes");
      JournalledStore.await(() -> !store.journal.stats().isAway());
      store.journal.flush();
      store.crash();
    }

    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(get(store, "a") + get(store, "b")).isEqualTo("23");
    }
  }

  @Test
  void databaseAway_strict_refusesWritesUntilItIsBack() throws Exception {
    try (JournalledStore store = open(Mode.STRICT)) {
      JournalTables.run(place(), "ALTER TABLE mayfly_changes RENAME TO mayfly_gone");
      set(store, "a", "2");
      JournalledStore.await(() -> store.journal.stats().isAway());
      assertThatThrownBy(() -> set(store, "b", "3"))
          .isInstanceOfSatisfying(
              MayflyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      JournalTables.run(place(), "ALTER TABLE mayfly_gone RENAME TO mayfly_changes");
      JournalledStore.await(() -> !store.journal.stats().isAway());
      set(store, "b", "3");
    }
  }

  @Test
  void backlogFull_writesAreRefusedAndItDoesNotGrow() throws Exception {
    JournalConfig config =
        new JournalConfig(place(), "", "test", Mode.RELAXED, Duration.ZERO, 3, false, 1 << 20, 0);
    try (JournalledStore store = new JournalledStore(config, time)) {
      JournalTables.run(place(), "ALTER TABLE mayfly_changes RENAME TO mayfly_gone");
      set(store, "a", "1");
      JournalledStore.await(() -> store.journal.stats().isAway());
      int written = 0;
      ErrorCode refused = null;
      while (refused == null && written < 10_000) {
        try {
          set(store, "key" + written % 100, "x".repeat(1_000));
          written++;
        } catch (MayflyException e) {
          refused = e.code();
        }
      }
      assertThat(refused).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(store.journal.stats().backlogBytes()).isLessThan(2 << 20);
      JournalTables.run(place(), "ALTER TABLE mayfly_gone RENAME TO mayfly_changes");
      JournalledStore.await(
          () -> !store.journal.stats().isAway() && store.journal.stats().backlogBytes() == 0);
      set(store, "a", "2");
    }
  }

  @Test
  void open_secondProcess_isRefused() {
    try (JournalledStore store = open(Mode.RELAXED)) {
      set(store, "a", "1");
      assertThatThrownBy(() -> open(Mode.RELAXED))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("another mayfly");
    }
  }

  @Test
  void open_newerTables_isRefusedAndNothingChanged() throws SQLException {
    open(Mode.RELAXED).close();
    JournalTables.run(
        place(),
        "INSERT INTO mayfly_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success)"
            + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, "
            + (place() instanceof JournalPlace.File ? "1" : "true")
            + ")");

    assertThatThrownBy(() -> open(Mode.RELAXED))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("newer mayfly");
  }

  @Test
  void restore_changedRow_isRefused() throws SQLException {
    try (JournalledStore store = open(Mode.RELAXED)) {
      set(store, "a", "1");
    }
    JournalTables.run(place(), "UPDATE mayfly_snapshot_entries SET version = version + 1");

    assertThatThrownBy(() -> open(Mode.RELAXED))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void restore_missingBlock_isRefused() throws SQLException {
    try (JournalledStore store = open(Mode.RELAXED)) {
      for (int i = 0; i < 3; i++) {
        set(store, "a", "" + i);
        store.journal.flush();
      }
      store.crash();
    }
    JournalTables.run(
        place(),
        "DELETE FROM mayfly_changes WHERE last_revision ="
            + " (SELECT MIN(last_revision) FROM mayfly_changes)");

    assertThatThrownBy(() -> open(Mode.RELAXED))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void restore_flippedBitInBlock_isRefused() throws SQLException {
    try (JournalledStore store = open(Mode.RELAXED)) {
      set(store, "a", "1");
      store.journal.flush();
      store.crash();
    }
    JournalTables.run(place(), "UPDATE mayfly_changes SET checksum = checksum + 1");

    assertThatThrownBy(() -> open(Mode.RELAXED))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("damaged");
  }
}
