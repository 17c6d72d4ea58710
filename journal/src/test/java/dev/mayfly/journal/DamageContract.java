package dev.mayfly.journal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.journal.JournalConfig.Mode;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Journals that are refused, on each database. */
abstract class DamageContract extends StoredContract {
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
