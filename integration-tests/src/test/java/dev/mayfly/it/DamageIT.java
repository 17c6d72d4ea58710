package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.SetOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server says to a journal that it cannot use; it changes nothing in it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DamageIT {
  private static final int KEYS = 300;

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private Path file() {
    return data().resolve("mayfly.db");
  }

  private void fill(String... more) throws Exception {
    try (ServerFixture server = start(data(), more);
        MayflyClient client = server.client()) {
      for (int i = 0; i < KEYS; i++) {
        client.set("key" + i, "some value ".repeat(20).getBytes(UTF_8), SetOptions.NONE);
      }
      server.process().signal("TERM");
      assertThat(server.process().exitCode()).isZero();
    }
  }

  private ServerFixture start(Path data, String... more) throws IOException {
    String[] words = Arrays.copyOf(more, more.length + 2);
    words[more.length] = "--data";
    words[more.length + 1] = data.toString();
    return ServerFixture.start(folder, words);
  }

  /** Starts where no server can, and tells what it says. */
  private String refusal(Path data) throws Exception {
    List<String> off = List.of("--http", "--grpc", "--resp", "--counter", "--monitor");
    String[] words = new String[3 + 2 * off.size()];
    words[0] = "serve";
    words[1] = "--data";
    words[2] = data.toString();
    for (int i = 0; i < off.size(); i++) {
      words[3 + 2 * i] = off.get(i);
      words[4 + 2 * i] = "off";
    }
    try (MayflyProcess process = MayflyProcess.start(folder, Map.of(), words)) {
      MayflyProcess.Outcome outcome = process.finish();
      assertThat(outcome.code()).as(outcome.err()).isEqualTo(1);
      assertThat(outcome.err()).doesNotContain("\tat ");
      return outcome.err();
    }
  }

  private void run(String sql) throws SQLException {
    JournalPlaces.run(data(), sql);
  }

  /** Starts where no server can, and requires that this changes nothing in the file. */
  private String refusalThatChangesNothing() throws Exception {
    byte[] before = Files.readAllBytes(file());
    String refusal = refusal(data());
    assertThat(Files.readAllBytes(file())).as(refusal).isEqualTo(before);
    return refusal;
  }

  @Test
  void start_truncatedFile_saysThatItIsDamagedAndLeavesIt() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length / 8192 * 4096));

    assertThat(refusalThatChangesNothing()).contains("damaged");
  }

  @Test
  void start_bitFlippedInAValue_saysThatItIsDamagedAndTheBackupWorks() throws Exception {
    fill();
    Path backup = folder.resolve("backup.db");
    Files.copy(file(), backup);
    byte[] bytes = Files.readAllBytes(file());
    String text = new String(bytes, ISO_8859_1);
    int found = text.indexOf("some value some value");
    assertThat(found).isPositive();
    // In all of them: pages of the log that was trimmed are nobody's any more.
    for (int at = found; at >= 0; at = text.indexOf("some value some value", at + 22)) {
      bytes[at + 7] ^= 4;
    }
    Files.write(file(), bytes);

    assertThat(refusalThatChangesNothing()).contains("damaged").contains("restore a backup");
    Files.copy(backup, file(), StandardCopyOption.REPLACE_EXISTING);
    try (ServerFixture server = start(data());
        MayflyClient client = server.client()) {
      assertThat(client.get("key7")).isPresent();
    }
  }

  @Test
  void start_tablesOfANewerVersion_saysSo() throws Exception {
    fill();
    run(
        "INSERT INTO mayfly_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success)"
            + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, 1)");

    assertThat(refusalThatChangesNothing())
        .contains("newer mayfly")
        .contains("nothing was changed");
  }

  @Test
  void start_migrationThatIsNotKnown_saysSo() throws Exception {
    fill();
    run(
        "INSERT INTO mayfly_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success)"
            + " VALUES (99, '0.5', 'odd', 'SQL', 'V0_5__odd.sql', 1, 'x', 1, 1)");

    assertThat(refusalThatChangesNothing()).contains("0.5").contains("does not know");
  }

  @Test
  void start_migrationThatIsAnother_saysSo() throws Exception {
    fill();
    run("UPDATE mayfly_schema_history SET checksum = checksum + 1 WHERE version = '1'");

    assertThat(refusalThatChangesNothing())
        .contains("tables of version 1 that other steps made (checksum ")
        .contains("nothing was changed");
  }

  @Test
  void start_folderThatCannotBeWritten_saysSo() throws Exception {
    // A folder in /proc cannot be written to by anybody, root included.
    Path proc = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(proc), "there is no /proc here");

    assertThat(refusal(proc)).contains("cannot be written to").contains("/proc/self/mayfly.db");
  }

  @Test
  void start_readOnlyDisk_saysSoAndItIsAllThereAfterwards() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mount(disk), "this user may not mount a small disk: not tested here");
    try {
      try (ServerFixture server = start(disk);
          MayflyClient client = server.client()) {
        client.set("before", "1".getBytes(UTF_8), SetOptions.NONE);
        server.process().signal("TERM");
        assertThat(server.process().exitCode()).isZero();
      }
      assertThat(done("mount", "-o", "remount,ro", disk.toString())).isTrue();
      assertThat(refusal(disk)).contains("cannot be written to").contains("Read-only");
      assertThat(done("mount", "-o", "remount,rw", disk.toString())).isTrue();
      try (ServerFixture server = start(disk);
          MayflyClient client = server.client()) {
        assertThat(client.get("before")).isPresent();
        server.process().close();
      }
    } finally {
      umount(disk);
    }
  }

  @Test
  void start_clockBehindTheLastSnapshot_warnsAndKeepsEverything() throws Exception {
    fill();
    run("UPDATE mayfly_snapshots SET completed = completed + 3600000, mark = NULL");

    requireWarningAndAllKeys();
  }

  @Test
  void start_clockBehindTheLastChange_warnsAndKeepsEverything() throws Exception {
    try (ServerFixture server = start(data(), "--durability", "strict");
        MayflyClient client = server.client()) {
      for (int i = 0; i < 10; i++) {
        client.set("key" + i, "1".getBytes(UTF_8), SetOptions.NONE);
      }
      server.process().close();
      assertThat(server.process().exitCode()).isNotZero();
    }
    run("UPDATE mayfly_changes SET written = written + 3600000");

    requireWarningAndAllKeys();
  }

  private void requireWarningAndAllKeys() throws Exception {
    try (ServerFixture server = start(data());
        MayflyClient client = server.client()) {
      assertThat(server.startBlock())
          .containsPattern("warning +the clock is 3[0-6]\\d{5} ms behind the last time");
      assertThat(client.get("key7")).isPresent();
    }
    try (ServerFixture server = start(data(), "--fresh")) {
      assertThat(server.startBlock()).doesNotContain("clock");
    }
  }

  @Test
  void stop_whatIsInMemoryCannotBeWritten_saysSoAndEndsWithOne() throws Exception {
    try (ServerFixture server = start(data());
        MayflyClient client = server.client()) {
      client.set("before", "1".getBytes(UTF_8), SetOptions.NONE);
      client.makeSnapshot();
      run("ALTER TABLE mayfly_changes RENAME TO mayfly_gone");
      client.set("lost", "1".getBytes(UTF_8), SetOptions.NONE);
      server.process().signal("TERM");

      assertThat(server.process().exitCode()).isEqualTo(1);
      assertThat(server.process().err()).contains("no last snapshot").contains("is lost");
    }
    run("ALTER TABLE mayfly_gone RENAME TO mayfly_changes");
    try (ServerFixture server = start(data());
        MayflyClient client = server.client()) {
      assertThat(client.get("before")).isPresent();
    }
  }

  @Test
  void diskFull_relaxed_servesAndLosesNothingThatItHad() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mount(disk), "this user may not mount a small disk: not tested here");
    try {
      Path filler = disk.resolve("filler");
      try (ServerFixture server = start(disk);
          MayflyClient client = server.client()) {
        client.set("before", "1".getBytes(UTF_8), SetOptions.NONE);
        fillUp(filler);
        for (int i = 0; i < 40; i++) {
          client.set("while" + i, new byte[50_000], SetOptions.NONE);
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isAway(server));
        assertThat(client.get("while7")).isPresent();
        Files.delete(filler);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !isAway(server));
        server.process().close();
      }
      fillUp(filler);
      assertThat(refusal(disk)).contains("disk is full");
      Files.delete(filler);
      try (ServerFixture server = start(disk);
          MayflyClient client = server.client()) {
        assertThat(client.get("before")).isPresent();
        assertThat(client.get("while39")).isPresent();
        server.process().close();
      }
    } finally {
      umount(disk);
    }
  }

  private static boolean isAway(ServerFixture server) throws Exception {
    return JournalPlaces.monitor(server, "/metrics").contains("\nmayfly_journal_away 1");
  }

  private static void fillUp(Path filler) throws IOException {
    byte[] some = new byte[16_384];
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("space");
    }
  }

  private static boolean mount(Path disk) throws Exception {
    return done("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk.toString());
  }

  private static void umount(Path disk) throws Exception {
    assertThat(done("umount", "-l", disk.toString())).isTrue();
  }

  private static boolean done(String... words) throws Exception {
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
