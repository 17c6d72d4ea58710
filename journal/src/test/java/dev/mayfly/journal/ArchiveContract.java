package dev.mayfly.journal;

import static dev.mayfly.journal.JournalledStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.LeaseState;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Limit;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeResult;
import dev.mayfly.testing.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes out of a journal and comes in, and what lives beside the keys, on each database. */
abstract class ArchiveContract extends StoredContract {
  private Stamp at() {
    return stamp("a");
  }

  private void put(JournalledStore store, String key, Lifespan lifespan) {
    store.keyspace.apply(
        SetRequest.of(bytes(key), bytes("value of " + key), lifespan, RULES), at());
  }

  private boolean has(JournalledStore store, String key) {
    return store.keyspace.read(ReadRequest.value(bytes(key)), at()) != null;
  }

  private void fillAll(JournalledStore store) {
    for (int i = 0; i < 300; i++) {
      put(store, "key" + i, i % 3 == 0 ? Lifespan.ofMillis(60_000) : Lifespan.UNSTATED);
      store.counters.hit(bytes("n"), bytes("c" + i % 7), 1, time.millis());
      time.advanceMillis(3);
    }
    for (int i = 0; i < 4; i++) {
      put(store, "versions", Lifespan.UNSTATED);
      store.keyspace.apply(
          SetRequest.of(bytes("versions"), bytes("v" + i), Lifespan.UNSTATED, RULES), at());
    }
    store.keyspace.apply(new LockRequest(bytes("locked"), 60_000, true, false, RULES), at());
    LeaseState lease = store.keyspace.leases().grant(30_000, at());
    put(store, "leased", Lifespan.ofLease(lease.lease()));
    store.counters.take(
        TakeRequest.of(bytes("n"), bytes("k"), 3, Limit.gcra(10, 60_000, 5)), time.millis());
  }

  private JournalPlace elsewhere() {
    return JournalPlace.folder(files.resolve("elsewhere"));
  }

  private JournalledStore openElsewhere() {
    return new JournalledStore(JournalledStore.config(elsewhere(), Mode.RELAXED), time);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void exportAndImport_elsewhere_theNextStartBeginsWithIt(Mode mode) throws IOException {
    Path file = files.resolve("out");
    Map<String, String> before;
    try (JournalledStore store = open(mode)) {
      fillAll(store);
      before = store.contents();
      SnapshotInfo made = store.journal.snapshot();
      try (JournalArchive archive = JournalArchive.toRead(place(), "")) {
        assertThat(archive.exportTo(0, file)).isEqualTo(made);
        assertThatThrownBy(() -> archive.exportTo(0, file)).hasMessageContaining("already");
        assertThatThrownBy(() -> archive.exportTo(99, files.resolve("b")))
            .hasMessageContaining("99");
      }
    }
    try (JournalledStore store = openElsewhere()) {
      put(store, "to be forgotten", Lifespan.UNSTATED);
    }

    try (JournalArchive archive = JournalArchive.toWrite(elsewhere(), "", "other")) {
      archive.importFrom(file, time.millis());
    }

    for (int round = 0; round < 2; round++) {
      JournalledStore store = openElsewhere();
      assertThat(store.contents()).as("round %d", round).isEqualTo(before);
      store.crash();
    }
    try (JournalledStore store = openElsewhere()) {
      assertThat(has(store, "leased")).isTrue();
      time.advanceMillis(31_000);
      assertThat(has(store, "leased")).isFalse();
    }
  }

  @Test
  void import_whileAServerRuns_isRefused() {
    try (JournalledStore store = open(Mode.RELAXED)) {
      put(store, "a", Lifespan.UNSTATED);

      assertThatThrownBy(() -> JournalArchive.toWrite(place(), "", "test"))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("another mayfly");
    }
  }

  @Test
  void import_intoTheSameJournal_goesBackToIt() throws IOException {
    Path file = files.resolve("out");
    Map<String, String> before;
    try (JournalledStore store = open(Mode.RELAXED)) {
      fillAll(store);
      store.journal.snapshot();
      before = store.contents();
      try (JournalArchive archive = JournalArchive.toRead(place(), "test")) {
        archive.exportTo(0, file);
      }
      put(store, "later", Lifespan.UNSTATED);
      store.journal.flush();
      store.crash();
    }

    try (JournalArchive archive = JournalArchive.toWrite(place(), "", "test")) {
      archive.importFrom(file, time.millis());
    }

    for (int round = 0; round < 2; round++) {
      JournalledStore store = open(Mode.RELAXED);
      assertThat(store.contents()).as("round %d", round).isEqualTo(before);
      store.crash();
    }
  }

  @Test
  void import_damagedFile_isRefusedAndNothingOfItIsKept() throws IOException {
    Path file = files.resolve("out");
    try (JournalledStore store = open(Mode.RELAXED)) {
      fillAll(store);
      store.journal.snapshot();
      try (JournalArchive archive = JournalArchive.toRead(place(), "")) {
        archive.exportTo(0, file);
      }
    }
    byte[] whole = Files.readAllBytes(file);
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    List<byte[]> damaged = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      damaged.add(flipped);
      damaged.add(Arrays.copyOf(whole, random.nextInt(whole.length)));
    }
    damaged.add(Arrays.copyOf(whole, whole.length + 1));

    for (byte[] bytes : damaged) {
      Path bad = Files.write(files.resolve("bad"), bytes);
      try (JournalArchive archive = JournalArchive.toWrite(elsewhere(), "", "other")) {
        assertThatThrownBy(() -> archive.importFrom(bad, time.millis()))
            .as("seed %d", seed)
            .isInstanceOf(IOException.class);
        assertThat(archive.snapshots()).isEmpty();
      }
    }
    try (JournalledStore store = openElsewhere()) {
      assertThat(store.contents()).isEmpty();
    }
  }

  @Test
  void show_besideARunningServer_tellsWhatChanged() {
    try (JournalledStore store = open(Mode.RELAXED)) {
      put(store, "say \"hi\"\n", Lifespan.ofMillis(60_000));
      store.keyspace.apply(new LockRequest(bytes("locked"), 60_000, true, false, RULES), at());
      store.counters.hit(bytes("login"), bytes("10.0.0.7"), 3, time.millis());
      LeaseState lease = store.keyspace.leases().grant(30_000, at());
      put(store, "leased", Lifespan.ofLease(lease.lease()));
      time.advanceMillis(2_000);
      store.journal.flush();
      List<String> lines = new ArrayList<>();

      try (JournalArchive archive = JournalArchive.toRead(place(), "")) {
        archive.show(0, true, lines::add);
      }

      assertThat(String.join("\n", lines))
          .contains("# block of revisions")
          .contains("put \"say \\\"hi\\\"\\u000a\" v1 at ")
          .contains("until ")
          .contains("put \"locked\"")
          .contains("locked by \"a\" token ")
          .contains("put \"leased\"")
          .contains(" lease " + lease.lease())
          .contains("lease " + lease.lease() + " of 30000 ms until ")
          .contains("counter \"login\" \"10.0.0.7\" holds 3 until ");
    }
  }

  @Test
  void toRead_noServer_saysSoAndMakesNone() {
    assertThatThrownBy(() -> JournalArchive.toRead(place(), ""))
        .isInstanceOf(JournalException.class);
    open(Mode.RELAXED).close();
    assertThatThrownBy(() -> JournalArchive.toRead(place(), "nobody"))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("'nobody'")
        .hasMessageContaining("'test'");
  }

  @Test
  void chooseForStart_crashAfterThatStart_whatCameAfterStaysForgotten() {
    try (JournalledStore store = open(Mode.RELAXED)) {
      put(store, "before", Lifespan.UNSTATED);
      long chosen = store.journal.snapshot().id();
      store.journal.keeper().chooseForStart(chosen);
      put(store, "after", Lifespan.UNSTATED);
      store.journal.flush();
      store.crash();
    }
    open(Mode.RELAXED).crash();

    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(has(store, "before")).isTrue();
      assertThat(has(store, "after")).isFalse();
    }
  }

  private static void settle(JournalledStore store, VirtualTime time) {
    // Counters go to the log once a second.
    time.advanceMillis(1_000);
    store.journal.flush();
  }

  @Test
  void crash_countersAndLimits_goOnInTheMiddleOfTheirWindow() {
    TakeRequest lease = TakeRequest.of(bytes("n"), bytes("k"), 1, Limit.concurrency(1, 60_000));
    Map<String, String> before;
    try (JournalledStore store = open(Mode.RELAXED)) {
      store.counters.hit(bytes("login"), bytes("a"), 3, time.millis());
      store.journal.snapshot();
      store.counters.hit(bytes("login"), bytes("a"), 4, time.millis());
      store.counters.hit(bytes("login"), bytes("b"), 2, time.millis());
      store.counters.take(
          TakeRequest.of(bytes("n"), bytes("k"), 3, Limit.gcra(10, 60_000, 5)), time.millis());
      TakeResult taken = store.counters.take(lease, time.millis());
      settle(store, time);
      assertThat(store.counters.release(bytes("n"), bytes("k"), taken.lease(), time.millis()))
          .isTrue();
      store.counters.hit(bytes("login"), bytes("b"), 1, time.millis());
      settle(store, time);
      before = store.contents();
      store.crash();
    }

    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(store.contents()).isEqualTo(before);
      assertThat(store.counters.count(bytes("login"), bytes("a"), time.millis())).isEqualTo(7);
      assertThat(store.counters.count(bytes("login"), bytes("b"), time.millis())).isEqualTo(3);
      assertThat(store.counters.take(lease, time.millis()).allowed()).isTrue();
    }
    time.advanceMillis(61_000);
    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(store.counters.count(bytes("login"), bytes("a"), time.millis())).isZero();
    }
  }

  @Test
  void restore_missingBlockOfCounters_isRefused() throws Exception {
    try (JournalledStore store = open(Mode.RELAXED)) {
      for (int i = 0; i < 3; i++) {
        store.counters.hit(bytes("login"), bytes("a"), 1, time.millis());
        settle(store, time);
      }
      store.crash();
    }
    JournalTables.run(place(), "DELETE FROM mayfly_counter_changes WHERE number = 2");

    assertThatThrownBy(() -> open(Mode.RELAXED))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void snapshot_blocksOfCountersThatItHas_areDeleted() throws Exception {
    try (JournalledStore store = open(Mode.RELAXED)) {
      for (int i = 0; i < 5; i++) {
        store.counters.hit(bytes("login"), bytes("a"), 1, time.millis());
        settle(store, time);
      }
      assertThat(JournalTables.count(place(), "mayfly_counter_changes")).isPositive();

      store.journal.snapshot();

      assertThat(JournalTables.count(place(), "mayfly_counter_changes")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Mode.class, names = "SNAPSHOT", mode = EnumSource.Mode.EXCLUDE)
  void crash_leases_liveAsLongAsTheyWould(Mode mode) {
    LeaseState kept;
    LeaseState ended;
    LeaseState revoked;
    try (JournalledStore store = open(mode)) {
      var leases = store.keyspace.leases();
      ended = leases.grant(1_000, at());
      kept = leases.grant(20_000, at());
      revoked = leases.grant(20_000, at());
      put(store, "ended", Lifespan.ofLease(ended.lease()));
      put(store, "kept", Lifespan.ofLease(kept.lease()));
      put(store, "revoked", Lifespan.ofLease(revoked.lease()));
      store.journal.flush();
      store.journal.snapshot();
      time.advanceMillis(15_000);
      kept = leases.renew(kept.lease(), at());
      leases.revoke(revoked.lease(), at());
      put(store, "kept too", Lifespan.ofLease(kept.lease()));
      store.journal.flush();
      store.crash();
    }

    time.advanceMillis(10_000);
    try (JournalledStore store = open(mode)) {
      var leases = store.keyspace.leases();
      assertThat(leases.inspect(kept.lease(), at()))
          .isEqualTo(new LeaseState(kept.lease(), 20_000, kept.deadlineMillis(), 2));
      assertThat(has(store, "kept") && has(store, "kept too")).isTrue();
      assertThat(has(store, "ended") || has(store, "revoked")).isFalse();
      for (long gone : new long[] {ended.lease(), revoked.lease()}) {
        assertThatThrownBy(() -> leases.renew(gone, at()))
            .isInstanceOfSatisfying(
                MayflyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
      }
      LeaseState next = leases.grant(20_000, at());
      assertThat(next.lease()).isGreaterThan(revoked.lease());
      assertThat(leases.revoke(kept.lease(), at())).isEqualTo(2);
      assertThat(has(store, "kept")).isFalse();
    }
  }

  @Test
  void restart_clientsThatRegistered_areKnown() {
    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(store.keyspace.register("early")).isTrue();
      store.journal.snapshot();
      assertThat(store.keyspace.register("late")).isTrue();
      store.journal.flush();
      store.crash();
    }

    try (JournalledStore store = open(Mode.RELAXED)) {
      assertThat(store.keyspace.register("early")).isFalse();
      assertThat(store.keyspace.register("late")).isFalse();
      assertThat(store.keyspace.stats().clients()).isEqualTo(2);
    }
  }
}
