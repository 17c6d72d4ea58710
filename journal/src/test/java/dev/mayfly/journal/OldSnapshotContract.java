package dev.mayfly.journal;

import static dev.mayfly.journal.JournalledStore.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.Entry;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.testing.VirtualTime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in from a server of the old kind: its table, and files. */
abstract class OldSnapshotContract {
  private final VirtualTime time = new VirtualTime();

  @TempDir Path files;

  /** Where the old server had its table, empty at first. */
  abstract JournalPlace oldPlace();

  /** The same as an operator writes it. */
  abstract String oldUrl();

  abstract String tableSql();

  private JournalPlace place() {
    return JournalPlace.folder(files.resolve("new"));
  }

  private JournalledStore open() {
    return new JournalledStore(JournalledStore.config(place(), Mode.RELAXED), time);
  }

  private String at(long afterMillis) {
    return Instant.ofEpochMilli(time.millis() + afterMillis).toString();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private String document(String value) {
    return """
    {"keys":[
     {"key":"plain","value":"%s"},
     {"key":"keyquarry/Started","value":"%s","version":1},
     {"key":"full","value":"%s","content_type":"text/x-own","hash":16101355973854746,
      "created":"%s","updated":"%s","version":3,"created_by":"somebody"},
     {"key":"locked","value":"","created":"%s","updated":"0001-01-01T00:00:00Z","version":1},
     {"key":"was locked","value":"","created":"%s","version":1},
     {"key":"living","value":"%s","created":"%s","version":1},
     {"key":"ended","value":"%s","created":"%s","version":1}],
     "clients":[{"client_id":"somebody"}],
     "locks":[
      {"key":"locked","duration":60000000000,"client_id":"owner","created":"%s","id":"a"},
      {"key":"was locked","duration":5000000000,"client_id":"owner","created":"%s","id":"b"}],
     "reapers":[
      {"key":"living","lifespan":60000000000,"lifespan_set":"%s","id":"c"},
      {"key":"ended","lifespan":5000000000,"lifespan_set":"%s","id":"d"}],
     "version":"1.0","metrics":null,
     "history":{"full":[
      {"key":"full","value":"%s","size":3,"hash":1,"version":1,"timestamp":"%s"},
      {"key":"full","value":"%s","size":3,"hash":2,"version":2,"timestamp":"%s"},
      {"key":"full","value":"%s","size":3,"hash":3,"version":3,"timestamp":"%s"}]}}
    """
        .formatted(
            base64(value),
            base64("x"),
            base64("three"),
            at(-90_000),
            at(-10_000),
            at(-20_000),
            at(-20_000),
            base64("soon gone"),
            at(-20_000),
            base64("gone"),
            at(-20_000),
            at(-20_000),
            at(-20_000),
            at(-20_000),
            at(-20_000),
            base64("one"),
            at(-90_000),
            base64("two"),
            at(-50_000),
            base64("three"),
            at(-10_000));
  }

  private JournalArchive.OldImport take(String source, String name) throws IOException {
    try (JournalArchive archive = JournalArchive.toWrite(place(), "", "test")) {
      return archive.importOld(source, name, time.millis());
    }
  }

  private Entry read(JournalledStore store, String key) {
    return Objects.requireNonNull(
        store.keyspace.read(ReadRequest.value(bytes(key)), new Stamp(time.millis(), "owner")), key);
  }

  private void requireAll(JournalArchive.OldImport taken) {
    assertThat(taken.snapshot().entries()).isEqualTo(5);
    assertThat(taken.ended()).isEqualTo(1);
    try (JournalledStore store = open()) {
      assertThat(store.keyspace.stats().keys()).isEqualTo(5);
      assertThat(store.keyspace.register("somebody")).isFalse();
      assertThat(read(store, "plain").value()).isEqualTo(bytes("new"));
      Entry full = read(store, "full");
      assertThat(full.version()).isEqualTo(3);
      assertThat(full.contentType()).isEqualTo("text/x-own");
      assertThat(full.createdMillis()).isEqualTo(time.millis() - 90_000);
      Stamp stamp = new Stamp(time.millis(), "owner");
      assertThat(store.keyspace.history(new HistoryRequest(bytes("full"), 2), stamp).value())
          .isEqualTo(bytes("two"));
      assertThat(store.keyspace.history(new HistoryRequest(bytes("full"), -2), stamp).value())
          .isEqualTo(bytes("one"));
      assertThat(Objects.requireNonNull(read(store, "locked").lock()).owner()).isEqualTo("owner");
      assertThat(read(store, "was locked").lock()).isNull();
      assertThat(read(store, "living").deadlineMillis()).isEqualTo(time.millis() + 40_000);
      time.advanceMillis(41_000);
      assertThat(
              store.keyspace.read(ReadRequest.value(bytes("living")), new Stamp(time.millis(), "")))
          .isNull();
    }
  }

  private void insert(Connection connection, String server, String document) throws Exception {
    try (PreparedStatement row =
        connection.prepareStatement(
            "INSERT INTO snapshots (data, server_name) VALUES (%s, ?)"
                .formatted(oldPlace() instanceof JournalPlace.File ? "?" : "?::jsonb"))) {
      if (oldPlace() instanceof JournalPlace.File) {
        row.setBytes(1, document.getBytes(UTF_8));
      } else {
        row.setString(1, document);
      }
      row.setString(2, server);
      row.executeUpdate();
    }
  }

  private void makeTable(String... servers) throws Exception {
    JournalTables.run(oldPlace(), tableSql());
    try (Connection connection = JournalTables.connect(oldPlace())) {
      for (String server : servers) {
        insert(connection, server, document("old"));
        insert(connection, server, document("new"));
      }
    }
  }

  @Test
  void import_newestRowOfTheOnlyServer_givesItsKeys() throws Exception {
    makeTable("me@here");

    JournalArchive.OldImport taken = take(oldUrl(), "");

    assertThat(taken.server()).isEqualTo("me@here");
    requireAll(taken);
  }

  @Test
  void import_severalServers_wantsAName() throws Exception {
    makeTable("me@here", "me@there");

    assertThatThrownBy(() -> take(oldUrl(), ""))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("me@here")
        .hasMessageContaining("me@there");
    requireAll(take(oldUrl(), "me@there"));
  }

  @Test
  void import_databaseWithoutTheTable_saysSo() {
    assertThatThrownBy(() -> take(oldUrl(), ""))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void import_file_plainOrZipped_givesItsKeys() throws Exception {
    Path plain = Files.writeString(files.resolve("plain.json"), document("new"));
    requireAll(take(plain.toString(), ""));
    Path zipped = files.resolve("zipped");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(document("new").getBytes(UTF_8));
    }

    assertThat(take(zipped.toString(), "").snapshot().entries()).isEqualTo(5);
  }

  @Test
  void import_somethingElse_isRefusedAndNothingIsKept() throws Exception {
    String whole = document("new");
    for (String wrong :
        new String[] {
          "",
          "no JSON",
          "[]",
          "{}",
          "{\"keys\":[7]}",
          "{\"keys\":[{\"value\":\"\"}]}",
          "{\"keys\":[{\"key\":\"a\",\"value\":\"!\"}]}",
          "{\"keys\":[{\"key\":\"a\",\"created\":\"noon\"}]}",
          whole.substring(0, whole.length() / 2),
          whole.substring(0, whole.length() - 4)
        }) {
      Path file = Files.writeString(files.resolve("wrong"), wrong);

      assertThatThrownBy(() -> take(file.toString(), ""))
          .as(wrong)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("old kind");
    }
    assertThatThrownBy(() -> take(files.resolve("missing").toString(), ""))
        .hasMessageContaining("cannot be read");
    try (JournalArchive archive = JournalArchive.toRead(place(), "")) {
      assertThat(archive.snapshots()).isEmpty();
    }
  }
}
