package dev.mayfly.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void set_withOptions_sendsThemAndSaysThatTheKeyIsNew() {
    Run run =
        Run.of(
            server, "set", "k/1", "v", "--lifespan", "1h30m", "--lock=5s", "--content-type", "a/b");

    assertThat(run)
        .extracting(Run::code, Run::out, Run::err)
        .containsExactly(0, "{\"success\":true,\"is_new\":true}\n", "");
    assertThat(server.requests)
        .containsExactly("PUT /v1/keys/k%2F1?lifespan=5400000ms&lock=5000ms");
    assertThat(server.contentTypes).containsExactly("a/b");
    assertThat(Run.of(server, "set", "k/1", "w").out()).isEqualTo("{\"success\":true}\n");
  }

  @Test
  void set_withoutAType_leavesItToTheServer() {
    Run.of(server, "set", "k", "v");

    assertThat(server.contentTypes).containsExactly("null");
  }

  @Test
  void setAndGet_ofAnyBytes_keepThemAll() {
    byte[] small = bytes(1000);
    byte[] large = bytes(3 << 20);

    assertThat(Run.with(server, small, "set", "small").code()).isZero();
    assertThat(Run.with(server, large, "set", "large").code()).isZero();
    assertThat(Run.with(server, "", "set", "empty").code()).isZero();

    assertThat(Run.of(server, "get", "small").output()).isEqualTo(small);
    assertThat(Run.of(server, "get", "large").output()).isEqualTo(large);
    assertThat(Run.of(server, "get", "empty").output()).isEmpty();
  }

  @Test
  void set_withoutAValueAtATerminal_isWrongUsage() {
    Run run =
        Run.in(
            Map.of("MAYFLY_ADDRESS", server.address()),
            InputStream.nullInputStream(),
            true,
            "set",
            "k");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("mayfly: no value: expected VALUE behind the key, or on standard input\n");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void get_ofAMissingKey_namesItAndFails() {
    Run run = Run.of(server, "get", "gone");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            "mayfly: Key not found: 'gone' (expected a key that exists on %s)\n"
                .formatted(server.address()));
  }

  @Test
  void pop_givesTheValueOnce() {
    server.values.put("k", "v".getBytes(UTF_8));

    assertThat(Run.of(server, "pop", "k").out()).isEqualTo("v");
    assertThat(Run.of(server, "pop", "k").code()).isEqualTo(1);
  }

  @Test
  void delete_ofAKey_saysSoAndFailsWithout() {
    server.values.put("k", new byte[0]);

    assertThat(Run.of(server, "delete", "k").out()).isEqualTo("{\"deleted\":true}\n");
    assertThat(Run.of(server, "delete", "k").err()).contains("Key not found: 'k'");
  }

  @Test
  void exists_neverFails() {
    server.values.put("k", new byte[0]);

    assertThat(Run.of(server, "exists", "k").out()).isEqualTo("{\"exists\":true}\n");
    assertThat(Run.of(server, "exists", "l"))
        .extracting(Run::code, Run::out)
        .containsExactly(0, "{\"exists\":false}\n");
  }

  @Test
  void inspect_byEitherName_asksForWhatTheOptionsSay() {
    server.values.put("k", new byte[0]);

    assertThat(Run.of(server, "info", "k", "--with-value", "--with-metrics").out())
        .isEqualTo("{\"key\":\"k\",\"version\":1}\n");
    assertThat(Run.of(server, "inspect", "--indent", "k").out())
        .isEqualTo("{\n  \"key\": \"k\",\n  \"version\": 1\n}\n");
    assertThat(server.requests)
        .containsExactly(
            "GET /v1/keys/k/metadata?value=true&metrics=true", "GET /v1/keys/k/metadata");
  }

  @Test
  void lock_keepsOthersOutUntilUnlock() {
    assertThat(Run.of(server, "lock", "k", "5s").err()).contains("Key not found: 'k'");
    assertThat(Run.of(server, "lock", "k", "5s", "--create-if-missing").out())
        .isEqualTo("{\"success\":true,\"token\":17}\n");

    Run other = Run.of(server, "--client-id", "other", "set", "k", "v");

    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).isEqualTo("mayfly: Key is locked: 'k'\n");
    assertThat(Run.of(server, "unlock", "k").out()).isEqualTo("{\"success\":true}\n");
    assertThat(Run.of(server, "--client-id", "other", "set", "k", "v").code()).isZero();
  }

  @Test
  void list_printsAKeyALineAndTellsWhatIsLeftOut() {
    server.values.put("a", new byte[0]);
    server.values.put("ü", new byte[0]);

    Run run = Run.of(server, "list", "^a b", "--prefix", "p", "--limit", "3");

    assertThat(run.out()).isEqualTo("a\nü\n");
    assertThat(run.err()).isEqualTo("mayfly: 2 keys that are not text are left out\n");
    assertThat(server.requests).containsExactly("GET /v1/keys?prefix=p&pattern=%5Ea%20b&limit=3");
    assertThat(Run.of(server, "list", "--quiet").err()).isEmpty();
    assertThat(Run.of(server, "list", "a", "--pattern", "b").code()).isEqualTo(2);
    assertThat(Run.of(server, "list", "--limit", "-1").code()).isEqualTo(2);
  }

  @Test
  void list_whoseReaderHasGone_endsQuietly() {
    for (int i = 0; i < 100; i++) {
      server.values.put("key" + i, new byte[0]);
    }
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    int code =
        Run.run(
            closed,
            err,
            Map.of("MAYFLY_ADDRESS", server.address()),
            InputStream.nullInputStream(),
            false,
            "list",
            "--quiet");

    assertThat(code).isZero();
    assertThat(err.size()).isZero();
  }

  @Test
  void get_whoseOutputFails_saysSo() {
    server.values.put("k", new byte[10]);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    int code =
        Run.run(
            full,
            err,
            Map.of("MAYFLY_ADDRESS", server.address()),
            InputStream.nullInputStream(),
            false,
            "get",
            "k");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString(UTF_8))
        .isEqualTo("mayfly: cannot write to standard output: No space left on device\n");
  }

  @Test
  void clearStatsAndVersion_printWhatTheServerSays() {
    server.values.put("k", new byte[0]);

    assertThat(Run.of(server, "stats").out()).isEqualTo("{\"keys\":1}\n");
    assertThat(Run.of(server, "clear", "--force").out())
        .isEqualTo("{\"success\":true,\"keys_deleted\":1}\n");
    assertThat(Run.of(server, "version").out()).matches("\\{\"version\":\"[0-9.A-Z-]+\"}\n");
    assertThat(Run.of(server, "version", "--all").out()).contains("\"server\":{\"version\":\"9\"}");
    assertThat(server.requests).contains("POST /v1/clear?force=true");
  }

  @Test
  void client_withoutAServer_saysWhatItTried(@TempDir Path folder) {
    Path socket = folder.resolve("s");

    Run run = Run.alone("-a", "unix://" + socket, "get", "k");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("mayfly: socket file '" + socket + "' not found\n");
    assertThat(Run.alone("version", "--all", "-a", "unix://" + socket).out())
        .contains("\"server\":null");
  }

  @Test
  void messages_asJson_areOneObjectALine() {
    Run run = Run.of(server, "get", "a\nb", "--log-json", "-v", "--client-id", "me");

    assertThat(run.err().lines())
        .containsExactly(
            "{\"level\":\"debug\",\"message\":\"server " + server.address() + ", client id me\"}",
            "{\"level\":\"error\",\"message\":\"Key not found: 'a\\nb' (expected a key that exists"
                + " on "
                + server.address()
                + ")\"}");
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }
}
