package dev.mayfly.journal;

import static dev.mayfly.journal.JournalledStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.testing.VirtualTime;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of keys that are gone comes back: their history, for as long as without a restart. */
class HistoryRestoreTest {
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, false, 5, true);
  private static final long KEPT_MILLIS = 50_000;

  @TempDir Path folder;
  private final VirtualTime time = new VirtualTime();

  private JournalledStore open() {
    return new JournalledStore(
        JournalledStore.config(JournalPlace.folder(folder), Mode.RELAXED), time);
  }

  private void set(JournalledStore store, String value, Lifespan lifespan) {
    store.keyspace.apply(
        SetRequest.of(bytes("k"), bytes(value), lifespan, RULES), new Stamp(time.millis(), "a"));
  }

  private Map<String, String> crashAndRestore(JournalledStore store) {
    store.journal.flush();
    store.crash();
    try (JournalledStore again = open()) {
      Map<String, String> contents = again.contents();
      again.crash();
      return contents;
    }
  }

  @Test
  void snapshot_keyIsPastButNotYetRemoved_itsHistoryIsKept() {
    JournalledStore store = open();
    set(store, "1", Lifespan.UNSTATED);
    set(store, "2", Lifespan.ofMillis(10));
    time.advanceMillis(20);
    store.journal.snapshot();
    set(store, "3", Lifespan.UNSTATED);
    Map<String, String> before = store.contents();

    assertThat(crashAndRestore(store)).isEqualTo(before);
    assertThat(before.get("k")).contains(" v3 ").contains(" 2 ").contains(" 1 ");
  }

  @Test
  void restore_historyWasForgottenBeforeTheKeyCameAgain_staysForgotten() {
    JournalledStore store = open();
    set(store, "1", Lifespan.ofMillis(10));
    time.advanceMillis(20);
    store.endWhatIsPast(time);
    time.advanceMillis(KEPT_MILLIS + 10_000);
    store.endWhatIsPast(time);
    set(store, "2", Lifespan.UNSTATED);
    Map<String, String> before = store.contents();

    assertThat(crashAndRestore(store)).isEqualTo(before);
    assertThat(before.get("k")).contains(" v1 ");
  }

  @Test
  void restore_keyEndedMeanwhile_itsHistoryIsKeptUntilItsTime() {
    JournalledStore store = open();
    set(store, "1", Lifespan.ofMillis(10_000));
    store.journal.flush();
    store.crash();
    time.advanceMillis(20_000);

    try (JournalledStore again = open()) {
      assertThat(again.contents().get("k")).contains(" true true ");
      set(again, "2", Lifespan.UNSTATED);
      assertThat(again.contents().get("k")).contains(" v2 ");
      again.crash();
    }
  }

  @Test
  void restore_keyEndedLongAgo_nothingIsLeft() {
    JournalledStore store = open();
    set(store, "1", Lifespan.ofMillis(10_000));
    store.journal.flush();
    store.crash();
    time.advanceMillis(10_000 + KEPT_MILLIS);

    try (JournalledStore again = open()) {
      assertThat(again.contents()).isEmpty();
      again.crash();
    }
  }
}
