package dev.mayfly.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedReplyTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 +99 OK\r\n\r\n",
        "HTTP/1.1 999 OK\r\n\r\n",
        "HTTP/1.1 200\r\nno colon\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length : 3\r\n\r\nabc",
        "HTTP/1.1 200\r\nA: b\r\n folded\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: 3, 4\r\n\r\nabc",
        "HTTP/1.1 200\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "HTTP/1.1 200\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nContent-",
        "",
      })
  void get_ofWhatIsNoReply_failsCleanly(String reply) throws IOException {
    assertFails(reply);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\n",
        "-1\r\nabc",
        "+1\r\na\r\n0\r\n\r\n",
        "1\r\nabc\r\n0\r\n\r\n",
        "fffffffffffffffff\r\n",
        "5\r\nabc",
        "3\r\nabc\r\n",
        "3\r\nabc\r\n0\r\n",
      })
  void get_ofBadChunks_failsCleanly(String chunks) throws IOException {
    assertFails(CHUNKED + chunks);
  }

  @Test
  void get_ofAnEndlessHead_isBounded() throws IOException {
    assertFails("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000));
    assertFails("HTTP/1.1 200 OK\r\nX: " + "y".repeat(1 << 20));
    assertFails("HTTP/1.1 100 Continue\r\n\r\n".repeat(1000));
    assertFails(CHUNKED + "0\r\n" + "T: t\r\n".repeat(10_000));
  }

  @Test
  void get_ofAReplyBehindInterimOnes_isTheReply() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.answering(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n"
                    + ScriptedServer.ok("v"));
        MayflyClient client = server.client()) {
      assertThat(client.get("k")).isPresent();
    }
  }

  @Test
  void get_ofAnOldReplyThatEndsWithTheConnection_isRead() throws IOException {
    try (ScriptedServer server = ScriptedServer.answering("HTTP/1.0 200 OK\r\n\r\nvalue");
        MayflyClient client = server.client()) {
      assertThat(client.get("k").orElseThrow().bytes()).hasSize(5);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "nope", "{\"count\":", "{\"count\":1}x", "{\"count\":\"1\"}", "{}"})
  void count_ofWhatIsNoCount_failsCleanly(String json) throws IOException {
    try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.ok(json));
        MayflyClient client = server.client()) {
      assertThatThrownBy(client::count).isInstanceOf(MayflyConnectionException.class);
    }
  }

  @Test
  void stats_nestedTooDeeply_failsCleanly() throws IOException {
    String json = "{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}";
    try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.ok(json));
        MayflyClient client = server.client()) {
      assertThatThrownBy(client::stats).hasMessageContaining("nests too deeply");
    }
  }

  private static void assertFails(String reply) throws IOException {
    try (ScriptedServer server = ScriptedServer.answering(reply);
        MayflyClient client = server.client()) {
      assertThatThrownBy(() -> client.get("k")).isInstanceOf(MayflyConnectionException.class);
    }
  }
}
