package dev.mayfly.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MayflyClientTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + ";x=y\r\n" + text + "\r\n";
  }

  @Test
  void set_withOptions_sendsThemAndTellsWhetherTheKeyIsNew() throws IOException {
    String reply =
        "HTTP/1.1 201 Created\r\nETag: \"7\"\r\nContent-Length: 30\r\n\r\n"
            + "{\"success\":true,\"is_new\":true}";
    AtomicReference<String> body = new AtomicReference<>();
    try (ScriptedServer server =
            ScriptedServer.of(
                peer -> {
                  body.set(new String(peer.readRequest(), UTF_8));
                  peer.send(reply);
                });
        MayflyClient client = server.client()) {
      SetReply set =
          client.set(
              "a/b ü",
              "välue".getBytes(UTF_8),
              SetOptions.NONE
                  .withLifespan(Duration.ofMinutes(30))
                  .withLock(Duration.ofNanos(1_500_001))
                  .withContentType("text/plain"));

      assertThat(set).isEqualTo(new SetReply(true, "\"7\""));
      assertThat(body.get()).isEqualTo("välue");
      assertThat(server.heads().getFirst())
          .startsWith("PUT /v1/keys/a%2Fb%20%C3%BC?lifespan=1800000ms&lock=1500001ns HTTP/1.1\r\n")
          .contains("\r\nX-Client-Id: tester\r\n", "\r\nContent-Type: text/plain\r\n");
    }
  }

  @Test
  void set_fromAStream_sendsChunksThatEnd() throws IOException {
    AtomicReference<String> sent = new AtomicReference<>("");
    try (ScriptedServer server =
            ScriptedServer.of(
                peer -> {
                  peer.readRequest();
                  sent.set(peer.readUntil("0\r\n\r\n"));
                  peer.send(ScriptedServer.ok("{\"success\":true}"));
                });
        MayflyClient client = server.client()) {
      SetReply set =
          client.set("k", new ByteArrayInputStream("hello".getBytes(UTF_8)), SetOptions.NONE);

      assertThat(set.isNew()).isFalse();
      assertThat(sent.get()).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
      assertThat(server.heads().getFirst()).contains("\r\nTransfer-Encoding: chunked\r\n");
    }
  }

  @Test
  void set_refusedWhileTheValueIsStillSent_tellsTheRefusal() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.of(
                peer -> {
                  peer.readUntil("\r\n\r\n");
                  peer.send(
                      ScriptedServer.problem(413, "value_too_large", "value too large")
                          .replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
                  peer.hang();
                });
        MayflyClient client = server.client()) {
      assertThatThrownBy(() -> client.set("k", new byte[64 << 20], SetOptions.NONE))
          .isInstanceOfSatisfying(
              MayflyRefusedException.class,
              e -> {
                assertThat(e.status()).isEqualTo(413);
                assertThat(e.code()).isEqualTo("value_too_large");
                assertThat(e.detail()).isEqualTo("value too large");
              });
    }
  }

  @Test
  void get_ofAMissingKey_isEmptyAndKeepsTheConnection() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.answering(
                ScriptedServer.problem(404, "not_found", "Key not found"),
                ScriptedServer.ok("value"));
        MayflyClient client = server.client()) {
      assertThat(client.get("gone")).isEmpty();
      assertThat(client.get("k").orElseThrow().bytes()).asString(UTF_8).isEqualTo("value");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void get_of404ThatIsNotTheStores_isARefusal() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.answering("HTTP/1.1 404 X\r\nContent-Length: 7\r\n\r\n<h1>404");
        MayflyClient client = server.client()) {
      assertThatThrownBy(() -> client.get("k"))
          .isInstanceOf(MayflyRefusedException.class)
          .hasMessage("<h1>404");
    }
  }

  @Test
  void get_overAConnectionThatDiedIdle_connectsAgain() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.of(
                peer -> {
                  peer.readRequest();
                  peer.send(ScriptedServer.ok("one"));
                  peer.readRequest();
                },
                peer -> {
                  peer.readRequest();
                  peer.send(ScriptedServer.ok("two"));
                });
        MayflyClient client = server.client()) {
      assertThat(client.get("k")).isPresent();
      assertThat(client.get("k").orElseThrow().bytes()).asString(UTF_8).isEqualTo("two");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void pop_overAConnectionThatDiesUnanswered_isNotRepeated() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.of(
                peer -> {
                  peer.readRequest();
                  peer.send(ScriptedServer.ok("one"));
                  peer.readRequest();
                },
                peer -> {
                  peer.readRequest();
                  peer.send(ScriptedServer.ok("two"));
                });
        MayflyClient client = server.client()) {
      assertThat(client.get("k")).isPresent();
      assertThatThrownBy(() -> client.pop("k"))
          .isInstanceOf(MayflyConnectionException.class)
          .hasMessageStartingWith(server.address() + ": ");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void inspect_keepsEveryFieldAndTheLargestHash() throws IOException {
    String json =
        "{\"key\":\"k\",\"hash\":18446744073709551615,\"new\":[1.5,null,{\"a\":\"\\n\"}]}";
    try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.ok(json));
        MayflyClient client = server.client()) {
      assertThat(client.inspect("k", true, false).orElseThrow()).hasToString(json);
      assertThat(server.heads().getFirst()).startsWith("GET /v1/keys/k/metadata?value=true ");
    }
  }

  @Test
  void lockAndUnlock_sendAPostWithoutABody() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.answering(
                ScriptedServer.ok("{\"success\":true,\"token\":9}"),
                ScriptedServer.ok("{\"success\":true}"),
                ScriptedServer.problem(423, "locked", "Key is locked"));
        MayflyClient client = server.client()) {
      assertThat(client.lock("k", Duration.ofSeconds(5), true)).isEqualTo(9);
      client.unlock("k");
      assertThatThrownBy(() -> client.unlock("k")).hasMessage("Key is locked");
      assertThat(server.heads().getFirst())
          .startsWith("POST /v1/keys/k/lock?duration=5000ms&create=true ")
          .contains("\r\nContent-Length: 0\r\n");
    }
  }

  @Test
  void list_inChunks_givesEveryKeyAndWhatWasOmitted() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.answering(
                CHUNKED
                    + chunk("{\"keys\":[\"a\",")
                    + chunk("\"b\\nc\"")
                    + chunk("],\"omitted\":3} ")
                    + "0\r\nX: y\r\n\r\n",
                ScriptedServer.ok("{\"count\":2}"));
        MayflyClient client = server.client()) {
      List<String> keys = new ArrayList<>();
      try (KeyListing listing = client.list(new ListFilter("p&q", "^a|b", 7, true))) {
        for (String key = listing.next(); key != null; key = listing.next()) {
          keys.add(key);
        }
        assertThat(listing.omitted()).isEqualTo(3);
        assertThat(listing.next()).isNull();
      }

      assertThat(keys).containsExactly("a", "b\nc");
      assertThat(client.count()).isEqualTo(2);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.heads().getFirst())
          .startsWith("GET /v1/keys?prefix=p%26q&pattern=%5Ea%7Cb&limit=7&include_reserved=true ");
    }
  }

  @Test
  void list_thatBreaksOff_failsRatherThanEnd() throws IOException {
    try (ScriptedServer server = ScriptedServer.answering(CHUNKED + chunk("{\"keys\":[\"a\","));
        MayflyClient client = server.client();
        KeyListing listing = client.list(ListFilter.ALL)) {
      assertThat(listing.next()).isEqualTo("a");
      assertThatThrownBy(listing::next).isInstanceOf(MayflyConnectionException.class);
    }
  }

  @Test
  void batch_withTextAndBytes_sendsBothAndPairsTheAnswers() throws IOException {
    AtomicReference<String> body = new AtomicReference<>();
    try (ScriptedServer server =
            ScriptedServer.of(
                peer -> {
                  body.set(new String(peer.readRequest(), UTF_8));
                  peer.send(
                      ScriptedServer.ok(
                          "{\"results\":[{\"success\":true,\"is_new\":true},{\"error\":"
                              + "{\"status\":423,\"code\":\"locked\",\"detail\":\"no\"}}]}"));
                });
        MayflyClient client = server.client()) {
      List<BatchReply> replies =
          client.batch(
              List.of(
                  new SetOperation(
                      "k\"ü".getBytes(UTF_8),
                      new byte[] {-1, 0},
                      SetOptions.NONE.withLifespan(Duration.ofSeconds(1))),
                  new SetOperation("b".getBytes(UTF_8), new byte[0], SetOptions.NONE)));

      assertThat(body.get())
          .isEqualTo(
              "{\"operations\":[{\"set\":{\"key\":\"k\\\"ü\",\"value_base64\":\"/wA=\","
                  + "\"lifespan\":\"1000ms\"}},{\"set\":{\"key\":\"b\",\"value\":\"\"}}]}");
      assertThat(replies.get(0)).isEqualTo(new BatchReply(true, null));
      assertThat(replies.get(1).refusal()).hasMessage("no");
    }
  }

  @Test
  void batch_answeredInPart_fails() throws IOException {
    try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.ok("{\"results\":[]}"));
        MayflyClient client = server.client()) {
      assertThatThrownBy(
              () ->
                  client.batch(
                      List.of(new SetOperation(new byte[1], new byte[0], SetOptions.NONE))))
          .isInstanceOf(MayflyConnectionException.class)
          .hasMessageContaining("does not answer each operation");
    }
  }

  @Test
  void exists_ofALockedKey_isTrue() throws IOException {
    String empty = " X\r\nContent-Length: 100\r\n\r\n";
    try (ScriptedServer server =
            ScriptedServer.answering(
                "HTTP/1.1 200" + empty, "HTTP/1.1 423" + empty, "HTTP/1.1 404" + empty);
        MayflyClient client = server.client()) {
      assertThat(client.exists("k")).isTrue();
      assertThat(client.exists("k")).isTrue();
      assertThat(client.exists("k")).isFalse();
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void call_overAUnixSocket_works(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("s");
    try (ScriptedServer server =
            ScriptedServer.atSocket(
                path,
                peer -> {
                  peer.readRequest();
                  peer.send(ScriptedServer.ok("value"));
                });
        MayflyClient client = server.client()) {
      assertThat(client.get("k").orElseThrow().bytes()).asString(UTF_8).isEqualTo("value");
      assertThat(server.heads().getFirst()).contains("\r\nHost: localhost\r\n");
      assertThat(server.broken()).isZero();
    }
  }

  @Test
  void call_toAMissingSocketFile_namesIt(@TempDir Path folder) {
    Path path = folder.resolve("none");
    try (MayflyClient client =
        new MayflyClient(ClientConfig.of(ServerAddress.parse("unix://" + path)))) {
      assertThatThrownBy(client::count)
          .isInstanceOf(MayflyConnectionException.class)
          .hasMessage("socket file '" + path + "' not found");
    }
  }

  @Test
  void call_toAPortThatNobodyHas_saysThatItWasNotConnected() throws IOException {
    ScriptedServer server = ScriptedServer.of();
    ServerAddress address = server.address();
    server.close();
    try (MayflyClient client = new MayflyClient(ClientConfig.of(address))) {
      assertThatThrownBy(client::count)
          .isInstanceOfSatisfying(
              MayflyConnectionException.class, e -> assertThat(e.wasConnected()).isFalse())
          .hasMessage("cannot connect to " + address + ": Connection refused");
    }
  }

  @Test
  void call_toASilentServer_timesOut() throws IOException {
    try (ScriptedServer server = ScriptedServer.of(ScriptedServer.Peer::hang);
        MayflyClient client =
            new MayflyClient(
                ClientConfig.of(server.address()).withReadTimeout(Duration.ofMillis(50)))) {
      assertThatThrownBy(client::count)
          .isInstanceOf(MayflyConnectionException.class)
          .hasMessage(server.address() + ": no answer within 50 ms");
    }
  }
}
