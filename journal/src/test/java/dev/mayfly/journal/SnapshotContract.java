package dev.mayfly.journal;

import static dev.mayfly.journal.JournalledStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Operation;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.TransactionRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots, and what is kept of them, on each database. */
abstract class SnapshotContract extends StoredContract {
  private static final int SLOTS = 10;
  private static final int EMPTIES = 7;

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

  /** Number n goes to the slot n mod 10, a pair that is always equal; each seventh empties it. */
  private void writePairs(JournalledStore store, int writer, AtomicBoolean stop) {
    for (int n = 1; !stop.get(); n++) {
      String number = Integer.toString(n);
      List<Operation> all = new ArrayList<>();
      all.add(write("w" + writer, number));
      for (String half : List.of("a", "b")) {
        String key = "w" + writer + half + n % SLOTS;
        all.add(
            n % EMPTIES == 0
                ? new Operation.Write(DeleteRequest.of(bytes(key)))
                : write(key, number));
      }
      store.keyspace.transact(
          new TransactionRequest(
              List.of(), all, List.of(), TransactionRequest.OnRefusal.NOTHING_DONE),
          stamp("a"));
    }
  }

  private static Operation write(String key, String value) {
    return new Operation.Write(SetRequest.of(bytes(key), bytes(value), Lifespan.UNSTATED, PLAIN));
  }

  /** All pairs are as they were after the same number. */
  private void requireOneMoment(JournalledStore store, int writer) {
    String number = get(store, "w" + writer);
    int newest = number.equals("-") ? 0 : Integer.parseInt(number);
    for (int slot = 0; slot < SLOTS; slot++) {
      int last = newest - Math.floorMod(newest - slot, SLOTS);
      String expected = last < 1 || last % EMPTIES == 0 ? "-" : Integer.toString(last);
      for (String half : List.of("a", "b")) {
        assertThat(get(store, "w" + writer + half + slot))
            .as("writer %d slot %d after %d", writer, slot, newest)
            .isEqualTo(expected);
      }
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
        "UPDATE mayfly_snapshots SET complete = 0, mark = NULL"
            + " WHERE id = (SELECT MAX(id) FROM mayfly_snapshots)");

    try (JournalledStore store = open(Mode.SNAPSHOT)) {
      assertThat(get(store, "a")).isEqualTo("1");
      store.crash();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void interval_somethingChanged_aSnapshotIsMadeAndNoneOtherwise(Mode mode) throws Exception {
    JournalConfig config =
        new JournalConfig(place(), "", "test", mode, Duration.ofMinutes(5), 3, false, 64 << 20, 0);
    try (JournalledStore store = new JournalledStore(config, time)) {
      for (int made = 1; made <= 2; made++) {
        set(store, "a", "" + made);
        time.advanceMillis(300_000);
        int wanted = made;
        JournalledStore.await(() -> store.journal.stats().snapshots() == wanted);
      }
      time.advanceMillis(300_000);
      store.journal.flush();
      assertThat(store.journal.stats().snapshots()).isEqualTo(2);
      store.crash();
    }
    try (JournalledStore store = open(mode)) {
      assertThat(get(store, "a")).isEqualTo("2");
      store.crash();
    }
  }

  private JournalledStore openFresh(int keep) {
    return new JournalledStore(
        new JournalConfig(
            place(), "", "test", Mode.RELAXED, Duration.ZERO, keep, true, 64 << 20, 0),
        time);
  }

  @Test
  void start_fresh_beginsEmptyAndTheNextStartGoesOnFromThere() {
    try (JournalledStore store = open(Mode.RELAXED)) {
      set(store, "a", "1");
    }
    try (JournalledStore store = openFresh(3)) {
      assertThat(get(store, "a")).isEqualTo("-");
      set(store, "b", "2");
      store.journal.flush();
      store.crash();
    }

    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(get(store, "a")).isEqualTo("-");
      assertThat(get(store, "b")).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void start_freshAfterACrash_whatWasThereCanBeHadAgain(boolean snapshot) throws SQLException {
    Map<String, String> before;
    try (JournalledStore store = open(Mode.RELAXED)) {
      set(store, "a", "1");
      store.journal.flush();
      if (snapshot) {
        store.journal.snapshot();
      }
      for (int i = 0; i < 50; i++) {
        set(store, "key" + i, "" + i);
        store.journal.flush();
      }
      before = store.contents();
      store.crash();
    }
    try (JournalledStore store = openFresh(1)) {
      set(store, "b", "2");
      store.journal.snapshot();
      store.journal.snapshot();
      store.crash();
    }
    openFresh(1).crash();

    JournalTables.chooseSnapshot(place(), 1);

    for (int round = 0; round < 2; round++) {
      JournalledStore store = open(Mode.RELAXED);
      assertThat(store.contents()).as("round %d", round).isEqualTo(before);
      store.crash();
    }
  }
}
