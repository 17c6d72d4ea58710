package dev.mayfly.journal;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class PostgresJournalTest {
  private static EmbeddedPostgres postgres;
  @TempDir static Path folder;
  private static int databases;
  private JournalPlace place;

  @BeforeAll
  static void startPostgres() throws IOException {
    // Of its own: the common one stays broken once a start was cut off.
    postgres = EmbeddedPostgres.builder().setOverrideWorkingDirectory(folder.toFile()).start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void makeDatabase() throws SQLException {
    String name = "test" + databases++;
    JournalTables.run(url("postgres"), "CREATE DATABASE " + name);
    place = url(name);
  }

  private static JournalPlace url(String database) {
    return JournalPlace.parse(
        "postgres://postgres:secret@127.0.0.1:%d/%s".formatted(postgres.getPort(), database));
  }

  @Nested
  class Restores extends RestoreContract {
    @Override
    JournalPlace place() {
      return place;
    }
  }

  @Nested
  class MadeSnapshots extends SnapshotContract {
    @Override
    JournalPlace place() {
      return place;
    }
  }

  @Nested
  class Outages extends OutageContract {
    @Override
    JournalPlace place() {
      return place;
    }
  }

  @Nested
  class Damages extends DamageContract {
    @Override
    JournalPlace place() {
      return place;
    }
  }

  @Nested
  class Archives extends ArchiveContract {
    @Override
    JournalPlace place() {
      return place;
    }
  }

  /** The old server's table in the same database. */
  @Nested
  class OldSnapshots extends OldSnapshotContract {
    @Override
    JournalPlace oldPlace() {
      return place;
    }

    @Override
    String oldUrl() {
      return "postgres://postgres:secret@127.0.0.1:%d/test%d"
          .formatted(postgres.getPort(), databases - 1);
    }

    @Override
    String tableSql() {
      return "CREATE TABLE snapshots (id SERIAL PRIMARY KEY, data JSONB,"
          + " created TIMESTAMP DEFAULT CURRENT_TIMESTAMP, server_name TEXT)";
    }
  }
}
