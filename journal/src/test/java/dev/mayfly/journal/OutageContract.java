package dev.mayfly.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a journal promises while its database is there, slow or away, on each database. */
abstract class OutageContract extends StoredContract {
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
}
