package dev.mayfly.journal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.Spans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest {
  @TempDir Path folder;

  @Nested
  class Restores extends RestoreContract {
    @Override
    JournalPlace place() {
      return JournalPlace.folder(folder);
    }
  }

  @Nested
  class MadeSnapshots extends SnapshotContract {
    @Override
    JournalPlace place() {
      return JournalPlace.folder(folder);
    }
  }

  @Nested
  class Outages extends OutageContract {
    @Override
    JournalPlace place() {
      return JournalPlace.folder(folder);
    }
  }

  @Nested
  class Archives extends ArchiveContract {
    @Override
    JournalPlace place() {
      return JournalPlace.folder(folder);
    }
  }

  @Nested
  class Damages extends DamageContract {
    @Override
    JournalPlace place() {
      return JournalPlace.folder(folder);
    }

    @Test
    void open_fileOfSomethingElse_isRefusedAndStays() throws IOException {
      Path file = folder.resolve(JournalPlace.FILE_NAME);
      Files.writeString(file, "no database ".repeat(1_000));

      assertThatThrownBy(() -> open(JournalConfig.Mode.RELAXED))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("damaged");
    }

    @Test
    void open_truncatedFile_isRefused() throws IOException {
      try (JournalledStore store = open(JournalConfig.Mode.RELAXED)) {
        for (int i = 0; i < 2_000; i++) {
          store.counters.hit(
              JournalledStore.bytes("n"), JournalledStore.bytes("key" + i), 1, time.millis());
        }
      }
      Path file = folder.resolve(JournalPlace.FILE_NAME);
      try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 8192 * 4096);
      }

      assertThatThrownBy(() -> open(JournalConfig.Mode.RELAXED))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("damaged");
    }

    @Test
    void open_folderThatIsAFile_isRefused() throws IOException {
      Path file = Files.createFile(folder.resolve("file"));

      assertThatThrownBy(
              () ->
                  Journal.open(
                      JournalledStore.config(JournalPlace.folder(file), JournalConfig.Mode.RELAXED),
                      time,
                      1,
                      Spans.OFF))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("folder");
    }
  }
}
