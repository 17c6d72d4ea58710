package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.SetOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that work on a journal itself: export, import and show. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SnapshotFileIT {
  private static final int LARGE_VALUES = 60;

  @TempDir Path folder;

  private ServerFixture start(String data) throws Exception {
    return ServerFixture.start(folder, "--data", folder.resolve(data).toString());
  }

  private MayflyProcess.Outcome run(String... words) throws Exception {
    try (MayflyProcess process = MayflyProcess.start(folder, Map.of(), words)) {
      return process.finish();
    }
  }

  private String done(String... words) throws Exception {
    MayflyProcess.Outcome outcome = run(words);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome.out();
  }

  private String refused(String... words) throws Exception {
    return refused(words, 1);
  }

  private String refused(String[] words, int code) throws Exception {
    MayflyProcess.Outcome outcome = run(words);
    assertThat(outcome.code()).as(outcome.out()).isEqualTo(code);
    assertThat(outcome.err()).doesNotContain("\tat ");
    return outcome.err();
  }

  @Test
  void exportBesideTheServer_importElsewhere_isTheSameStore() throws Exception {
    try (ServerFixture server = start("one");
        MayflyClient client = server.client()) {
      client.set("kept", "1".getBytes(UTF_8), SetOptions.NONE);
      client.lock("locked", Duration.ofMinutes(10), true);
      assertThat(server.command("snapshot", "now").finish().code()).isZero();

      assertThat(done("snapshot", "export", "file", "--data", "one"))
          .contains("\"entries\":2")
          .contains("\"file\":");
      assertThat(refused("snapshot", "export", "file", "--data", "one")).contains("already");
      assertThat(refused("snapshot", "import", "file", "--data", "one"))
          .contains("another mayfly uses the journal");
    }
    byte[] whole = Files.readAllBytes(folder.resolve("file"));
    Files.write(folder.resolve("half"), Arrays.copyOf(whole, whole.length / 2));

    assertThat(refused("snapshot", "import", "half", "--data", "two")).contains("damaged");
    assertThat(refused("snapshot", "import", "nothing", "--data", "two")).contains("not there");
    assertThat(done("snapshot", "import", "file", "--data", "two")).contains("\"chosen\":true");

    try (ServerFixture server = start("two");
        MayflyClient client = server.client()) {
      assertThat(new String(client.get("kept").orElseThrow().bytes(), UTF_8)).isEqualTo("1");
      assertThat(server.command("unlock", "--client-id", "x", "locked").finish().code())
          .isEqualTo(1);
    }
  }

  @Test
  void exportAndImport_throughTheServer_theNextStartBeginsWithIt() throws Exception {
    try (ServerFixture one =
            ServerFixture.start(
                folder,
                "--data",
                folder.resolve("one").toString(),
                "--privileged-client-id",
                "op");
        MayflyClient client = one.client()) {
      for (int i = 0; i < 3_000; i++) {
        client.set("key" + i, "some value ".repeat(30).getBytes(UTF_8), SetOptions.NONE);
      }
      client.makeSnapshot();
      String[] export = {"snapshot", "export", "file", "--address", one.address()};
      assertThat(refused(export)).contains("missing or invalid client ID");
      assertThat(done(with(export, "--client-id", "op"))).contains("\"bytes\":");
      assertThat(refused(with(export, "--client-id", "op"))).contains("already");
      assertThat(refused(with(export, "--client-id", "op", "--data", "x"), 2)).contains("--data");
      assertThat(
              refused(
                  "snapshot", "export", "b", "77", "--address", one.address(), "--client-id", "op"))
          .contains("77");
      assertThat(Files.exists(folder.resolve("b"))).isFalse();
    }
    byte[] whole = Files.readAllBytes(folder.resolve("file"));
    assertThat(whole.length).isGreaterThan(900_000);
    Files.write(folder.resolve("half"), Arrays.copyOf(whole, whole.length / 2));

    try (ServerFixture two =
            ServerFixture.start(
                folder,
                "--data",
                folder.resolve("two").toString(),
                "--privileged-client-id",
                "op");
        MayflyClient client = two.client()) {
      client.set("of two", "1".getBytes(UTF_8), SetOptions.NONE);
      String[] half = {"snapshot", "import", "half", "--address", two.address()};
      assertThat(refused(half)).contains("missing or invalid client ID");
      assertThat(refused(with(half, "--client-id", "op"))).contains("damaged");
      assertThat(client.snapshots().toString()).doesNotContain("\"chosen\":true");
      String[] taken = {"snapshot", "import", "file", "--address", two.address()};
      assertThat(done(with(taken, "--client-id", "op"))).contains("\"chosen\":true");
      assertThat(client.exists("key7")).isFalse();
      assertThat(client.exists("of two")).isTrue();
      two.process().close();
    }
    try (ServerFixture two = start("two");
        MayflyClient client = two.client()) {
      assertThat(client.exists("key7")).isTrue();
      assertThat(client.exists("key2999")).isTrue();
      assertThat(client.exists("of two")).isFalse();
    }
  }

  /** Each value is as long as it may be; together they are as much as the heap. */
  @Test
  void exportAndImport_ofTheLargestValues_takesLittleMemory() throws Exception {
    String[] options = {"--max-value-size", "8MiB", "--privileged-client-id", "op", "--data"};
    byte[] value = new byte[8 << 20];
    new Random(1).nextBytes(value);
    try (ServerFixture one =
            ServerFixture.start(folder, with(options, folder.resolve("one").toString()));
        MayflyClient client = one.client()) {
      for (int i = 0; i < LARGE_VALUES; i++) {
        value[0] = (byte) i;
        client.set("key" + i, value, SetOptions.NONE);
      }
      client.makeSnapshot();
      done("snapshot", "export", "file", "--address", one.address(), "--client-id", "op");
      one.process().close();
    }
    try (ServerFixture two =
            ServerFixture.start(folder, with(options, folder.resolve("two").toString()));
        MayflyClient client = two.client()) {
      claimsALongFrame(folder.resolve("hostile"));
      String[] as = {"--address", two.address(), "--client-id", "op"};
      assertThat(refused(with(new String[] {"snapshot", "import", "hostile"}, as)))
          .contains("the file is damaged");
      done(with(new String[] {"snapshot", "import", "file"}, as));
      assertThat(client.exists("key1")).isFalse();
      two.process().close();
    }
    try (ServerFixture two =
            ServerFixture.start(folder, with(options, folder.resolve("two").toString()));
        MayflyClient client = two.client()) {
      for (int i = 0; i < LARGE_VALUES; i++) {
        value[0] = (byte) i;
        assertThat(Arrays.equals(client.get("key" + i).orElseThrow().bytes(), value)).isTrue();
      }
    }
  }

  /** An entry whose key is said to be longer than any memory, and nothing but zeros. */
  private static void claimsALongFrame(Path file) throws IOException {
    try (RandomAccessFile to = new RandomAccessFile(file.toFile(), "rw")) {
      to.write("mayfly snapshot 1\n".getBytes(UTF_8));
      to.writeByte(1);
      to.writeInt(Integer.MAX_VALUE);
      to.setLength(to.getFilePointer() + (600 << 20));
    }
  }

  private static String[] with(String[] words, String... more) {
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }

  @Test
  void journalShow_besideTheServer_tellsChanges() throws Exception {
    try (ServerFixture server = start("one");
        MayflyClient client = server.client()) {
      client.set("told", "some text".getBytes(UTF_8), SetOptions.NONE);
      client.delete("told");

      Awaitility.await()
          .atMost(Duration.ofSeconds(100))
          .until(
              () ->
                  JournalPlaces.number(
                          folder.resolve("one"), "SELECT SUM(changes) FROM mayfly_changes")
                      >= 2);
      String shown = done("journal", "show", "--data", "one");

      assertThat(shown)
          .contains("# block of revisions")
          .contains("put \"told\" v1 ")
          .contains("9 bytes \"some text\"")
          .contains("remove \"told\" at ");
    }
    assertThat(refused("journal", "show", "--data", "nowhere")).contains("no journal");
    assertThat(Files.exists(folder.resolve("nowhere"))).isFalse();
    assertThat(run("journal", "show").code()).isEqualTo(2);
    assertThat(run("journal", "hide", "--data", "one").code()).isEqualTo(2);
  }

  @Test
  void import_ofAKeyquarryDatabase_isWhatTheServerBeginsWith() throws Exception {
    String document =
        "{\"keys\":[{\"key\":\"old\",\"value\":\"b2xkIHZhbHVl\",\"version\":4,"
            + "\"created\":\"2024-01-02T03:04:05.678901234Z\"}],"
            + "\"clients\":[],\"locks\":[],\"reapers\":[],\"history\":null}";
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("old.db"));
        Statement table = connection.createStatement()) {
      table.execute(
          "CREATE TABLE snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB,"
              + " created DATETIME DEFAULT CURRENT_TIMESTAMP, server_name TEXT)");
      try (PreparedStatement row =
          connection.prepareStatement("INSERT INTO snapshots (data, server_name) VALUES (?, ?)")) {
        row.setBytes(1, document.getBytes(UTF_8));
        row.setString(2, "me@here");
        row.executeUpdate();
      }
    }

    assertThat(done("import", "old.db", "--data", "new"))
        .contains("\"entries\":1")
        .contains("\"old_name\":\"me@here\"");
    Files.writeString(folder.resolve("wrong.json"), "{\"keys\":7}");
    assertThat(refused("import", "missing.json", "--data", "new")).contains("cannot be read");

    try (ServerFixture server = start("new");
        MayflyClient client = server.client()) {
      assertThat(new String(client.get("old").orElseThrow().bytes(), UTF_8)).isEqualTo("old value");
      String inspected = client.inspect("old", false, true).orElseThrow().toString();
      assertThat(inspected).contains("\"version\":4").contains("2024-01-02T03:04:05");
    }
  }
}
