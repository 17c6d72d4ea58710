package dev.mayfly.stress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.client.ServerAddress;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent and what answers mean, against servers that answer from a script. */
@Timeout(60)
class LineTest {
  private static final Operation READ = new Operation(true, "k:1".getBytes(US_ASCII), new byte[0]);
  private static final Operation WRITE =
      new Operation(false, "k:1".getBytes(US_ASCII), "v".getBytes(US_ASCII));
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

  private final List<String> told = new ArrayList<>();
  private final Answers answers =
      new Answers() {
        @Override
        public void onDone(int index) {
          told.add(index + " done");
        }

        @Override
        public void onMissing(int index) {
          told.add(index + " missing");
        }

        @Override
        public void onRefused(int index, String why) {
          told.add(index + " " + why);
        }
      };

  private static StressPlan plan(
      Door door, ServerAddress address, Duration timeout, String lifespan) {
    return new StressPlan(
        door,
        address,
        null,
        1,
        10,
        timeout,
        "",
        new Workload(
            "k:",
            10,
            new Distribution.Uniform(),
            0,
            null,
            lifespan.isEmpty() ? null : Duration.parse(lifespan),
            1),
        Rehearsal.pace(10L, null, null));
  }

  private void exchange(Door door, ScriptedServer server, Operation... batch) throws IOException {
    try (Lines lines = Lines.of(plan(door, server.address(), Duration.ofSeconds(30), "PT90S"));
        Line line = lines.open()) {
      line.exchange(List.of(batch), answers);
    }
  }

  @Test
  void http_asksAsTheOriginalDoes() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            OK
                + OK
                + "HTTP/1.1 404 Not Found\r\ncontent-length: 26\r\n\r\n"
                + "{\"error\":\"MISSING_RECORD\"}"
                + "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n")) {
      exchange(Door.HTTP, server, WRITE, READ, READ, WRITE);

      assertThat(told).containsExactly("0 done", "1 done", "2 missing", "3 status 400");
      assertThat(server.asked())
          .startsWith("GET /set?k=k:1&v=v HTTP/1.1\r\nHost: " + server.address() + "\r\n\r\n")
          .contains("GET /get?k=k:1 HTTP/1.1\r\n");
    }
  }

  @Test
  void http_writeOfAMissingRecord_isRefused() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer("HTTP/1.1 404 No\r\nContent-Length: 14\r\n\r\nMISSING_RECORD")) {
      exchange(Door.HTTP, server, WRITE);

      assertThat(told).containsExactly("0 status 404");
    }
  }

  @Test
  void http_chunks_interimReplies_andOldVersions_areRead() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            """
            HTTP/1.1 100 Continue\r
            \r
            HTTP/1.1 200 OK\r
            Transfer-Encoding: chunked\r
            \r
            3;x=y\r
            abc\r
            A\r
            0123456789\r
            0\r
            Trailer: 1\r
            \r
            HTTP/1.1 204 No Content\r
            \r
            HTTP/1.0 200 OK\r
            Content-Length: 0\r
            \r
            """)) {
      exchange(Door.HTTP, server, WRITE, WRITE, WRITE);

      assertThat(told).containsExactly("0 done", "1 done", "2 done");
    }
  }

  @Test
  void http_serverThatHangsUp_endsTheBatch() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")) {
      assertThatThrownBy(() -> exchange(Door.HTTP, server, WRITE, WRITE))
          .isInstanceOf(IOException.class)
          .hasMessage("the server closed the connection");
      assertThat(told).containsExactly("0 done");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-x\r\n",
        "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
      })
  void http_whatIsNoReply_breaksTheConnection(String reply) throws IOException {
    try (ScriptedServer server = new ScriptedServer(reply)) {
      assertThatThrownBy(() -> exchange(Door.HTTP, server, WRITE)).isInstanceOf(IOException.class);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void http_endlessHead_isGivenUp() throws IOException {
    try (ScriptedServer many = new ScriptedServer("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(500));
        ScriptedServer longer = new ScriptedServer("HTTP/1.1 200 " + "x".repeat(100_000))) {
      assertThatThrownBy(() -> exchange(Door.HTTP, many, WRITE)).hasMessageContaining("headers");
      assertThatThrownBy(() -> exchange(Door.HTTP, longer, WRITE)).hasMessageContaining("a line");
    }
  }

  @Test
  void json_postsObjects_andKnowsWhatIsMissing() throws IOException {
    String missing = "{\"key\":\"k:1\",\"node\":\"n\",\"data\": null}";
    try (ScriptedServer server =
        new ScriptedServer(
            OK
                + "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(missing.length(), missing)
                + "HTTP/1.1 423 Locked\r\nContent-Length: 0\r\n\r\n")) {
      exchange(Door.JSON, server, WRITE, READ, WRITE);

      String body = "{\"key\":\"k:1\",\"data\":{\"value\":\"v\"},\"ttl\":90}";
      assertThat(told).containsExactly("0 done", "1 missing", "2 status 423");
      assertThat(server.asked())
          .startsWith("POST /api HTTP/1.1\r\n")
          .contains(
              "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body + "GET /api?key=k:1");
    }
  }

  @Test
  void resp_speaksAsRedisDoes() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer("+OK\r\n$-1\r\n$3\r\nabc\r\n$0\r\n\r\n-LOCKED no\r\n")) {
      exchange(Door.RESP, server, WRITE, READ, READ, READ, WRITE);

      assertThat(told).containsExactly("0 done", "1 missing", "2 done", "3 done", "4 LOCKED no");
      assertThat(server.asked())
          .startsWith(
              """
              *5\r
              $3\r
              SET\r
              $3\r
              k:1\r
              $1\r
              v\r
              $2\r
              PX\r
              $5\r
              90000\r
              *2\r
              $3\r
              GET\r
              $3\r
              k:1\r
              """);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 400\r\n", "$x\r\n", "$5\r\nab", "\r\n", "*1\r\n"})
  void resp_whatIsNoReply_breaksTheConnection(String reply) throws IOException {
    try (ScriptedServer server = new ScriptedServer(reply)) {
      assertThatThrownBy(() -> exchange(Door.RESP, server, READ)).isInstanceOf(IOException.class);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void longBatch_isSentWhole() throws IOException {
    Operation big = new Operation(false, "k".getBytes(US_ASCII), new byte[60_000]);
    try (ScriptedServer server = new ScriptedServer("+OK\r\n")) {
      exchange(Door.RESP, server, big);

      assertThat(told).containsExactly("0 done");
    }
  }

  @Test
  void unixSocket_isSpokenTo_andGivenUpWhenItIsSilent(@TempDir Path folder) throws Exception {
    ServerAddress address = new ServerAddress.Unix(folder.resolve("s"));
    UnixDomainSocketAddress bound = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Lines patient = Lines.of(plan(Door.RESP, address, Duration.ofMinutes(1), ""));
        Lines impatient = Lines.of(plan(Door.RESP, address, Duration.ofMillis(50), ""))) {
      listener.bind(bound);
      try (Line line = patient.open();
          SocketChannel server = listener.accept()) {
        server.write(ByteBuffer.wrap("+OK\r\n".getBytes(US_ASCII)));
        line.exchange(List.of(WRITE), answers);
        assertThat(told).containsExactly("0 done");
      }
      try (Line line = impatient.open();
          SocketChannel server = listener.accept()) {
        assertThat(server.isOpen()).isTrue();
        assertThatThrownBy(() -> line.exchange(List.of(WRITE), answers))
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessage("no answer in time");
      }
    }
  }

  @Test
  void unixSocket_thatIsNotThere_isSaid(@TempDir Path folder) throws Exception {
    ServerAddress address = new ServerAddress.Unix(folder.resolve("s"));
    try (Lines lines = Lines.of(plan(Door.HTTP, address, Duration.ofSeconds(1), ""))) {
      assertThatThrownBy(lines::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not found");
    }
  }
}
