package dev.mayfly.journal;

import static dev.mayfly.journal.JournalledStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.Stamp;
import dev.mayfly.testing.VirtualTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotKeeperTest {
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, false);

  @TempDir Path folder;
  private final VirtualTime time = new VirtualTime();

  private JournalledStore open(int keep, long logBytesMax) {
    JournalConfig config =
        new JournalConfig(
            JournalPlace.folder(folder),
            "",
            "test",
            Mode.RELAXED,
            Duration.ZERO,
            keep,
            false,
            64 << 20,
            logBytesMax);
    return new JournalledStore(config, time);
  }

  private void set(JournalledStore store, String value) {
    store.keyspace.apply(
        SetRequest.of(bytes("k"), bytes(value), Lifespan.UNSTATED, RULES),
        new Stamp(time.millis(), "a"));
  }

  private String get(JournalledStore store) {
    var entry = store.keyspace.read(ReadRequest.value(bytes("k")), new Stamp(time.millis(), "a"));
    return entry == null ? "-" : JournalledStore.text(entry.value());
  }

  @Test
  void chooseForStart_changesAndStopAfterIt_theNextStartBeginsWithIt() {
    long chosen;
    try (JournalledStore store = open(2, 0)) {
      SnapshotKeeper keeper = store.journal.keeper();
      set(store, "1");
      chosen = keeper.make().id();
      keeper.chooseForStart(chosen);
      for (int i = 2; i < 6; i++) {
        set(store, "" + i);
        keeper.make();
      }
      assertThat(keeper.list()).hasSize(3);
      assertThat(keeper.list().getLast().chosen()).isTrue();
      set(store, "last");
    }

    try (JournalledStore store = open(2, 0)) {
      assertThat(get(store)).isEqualTo("1");
      assertThat(store.journal.keeper().list()).noneMatch(SnapshotKeeper.Snapshot::chosen);
      set(store, "after");
    }
    try (JournalledStore store = open(2, 0)) {
      assertThat(get(store)).isEqualTo("after");
    }
  }

  @Test
  void chooseForStart_takenBack_theNextStartBeginsWithTheNewest() {
    try (JournalledStore store = open(3, 0)) {
      set(store, "1");
      SnapshotKeeper keeper = store.journal.keeper();
      keeper.chooseForStart(keeper.make().id());
      set(store, "2");
      keeper.chooseForStart(0);
    }

    try (JournalledStore store = open(3, 0)) {
      assertThat(get(store)).isEqualTo("2");
    }
  }

  @Test
  void delete_older_isGone_newest_isRefused() {
    try (JournalledStore store = open(3, 0)) {
      set(store, "1");
      SnapshotKeeper keeper = store.journal.keeper();
      long older = keeper.make().id();
      set(store, "2");
      long newest = keeper.make().id();

      keeper.delete(older);

      assertThat(keeper.list()).extracting(SnapshotKeeper.Snapshot::id).containsExactly(newest);
      assertCode(() -> keeper.delete(newest), ErrorCode.ARGUMENT_INVALID);
      assertCode(() -> keeper.delete(older), ErrorCode.NOT_FOUND);
      assertCode(() -> keeper.chooseForStart(older), ErrorCode.NOT_FOUND);
    }
  }

  private static void assertCode(Runnable call, ErrorCode code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(MayflyException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void log_growsPastItsBound_aSnapshotIsMadeAndItIsTrimmed() throws Exception {
    try (JournalledStore store = open(3, 100_000)) {
      for (int i = 0; i < 10; i++) {
        set(store, "x".repeat(20_000));
        store.journal.flush();
      }
      JournalledStore.await(() -> store.journal.stats().snapshots() > 0);
      assertThat(store.journal.keeper().list()).isNotEmpty();
    }
  }

  @Test
  void importFrom_whileItRuns_theLogGoesOnAndTheNextStartBeginsWithIt() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (JournalledStore store = open(2, 0)) {
      SnapshotKeeper keeper = store.journal.keeper();
      set(store, "1");
      keeper.make();
      keeper.exportTo(0, file);
      set(store, "2");
      SnapshotKeeper.Snapshot taken =
          keeper.importFrom(new ByteArrayInputStream(file.toByteArray()));

      assertThat(taken.chosen()).isTrue();
      assertThat(keeper.list().getFirst().id()).isGreaterThan(taken.id());
      keeper.chooseForStart(0);
      set(store, "3");
      store.journal.flush();
      store.crash();
    }
    try (JournalledStore store = open(2, 0)) {
      assertThat(get(store)).isEqualTo("3");
      store.journal.keeper().importFrom(new ByteArrayInputStream(file.toByteArray()));
      set(store, "4");
      store.journal.flush();
      store.crash();
    }
    for (int round = 0; round < 2; round++) {
      try (JournalledStore store = open(2, 0)) {
        assertThat(get(store)).isEqualTo("1");
        store.crash();
      }
    }
  }

  @Test
  void importFrom_damagedOrCutOff_isRefusedAndNothingIsChosen() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (JournalledStore store = open(2, 0)) {
      SnapshotKeeper keeper = store.journal.keeper();
      assertCode(() -> keeper.exportTo(0, file), ErrorCode.NOT_FOUND);
      set(store, "1");
      long made = keeper.make().id();
      keeper.exportTo(made, file);
      assertCode(() -> keeper.exportTo(made + 1, file), ErrorCode.NOT_FOUND);
      byte[] cut = Arrays.copyOf(file.toByteArray(), file.size() - 3);

      assertCode(
          () -> keeper.importFrom(new ByteArrayInputStream(cut)), ErrorCode.ARGUMENT_INVALID);
      assertThat(keeper.list()).hasSize(1).noneMatch(SnapshotKeeper.Snapshot::chosen);
    }
  }
}
