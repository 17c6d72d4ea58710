package dev.mayfly.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MonitorListenerTest {
  private final Vertx vertx = Vertx.vertx();
  private volatile Readiness readiness = Readiness.READY;
  private int port;

  @BeforeEach
  void start() throws TimeoutException {
    ScrapedMetrics metrics =
        new ScrapedMetrics(
            List.of(new StoreMetrics(() -> TestStats.of(1), () -> 1), new ProcessMetrics("1.2.3")));
    port = listen(new MonitorListener(vertx, () -> readiness, () -> metrics));
  }

  @AfterEach
  void stop() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /livez, 200, ok",
    "HEAD /livez, 200, ''",
    "GET /livez?x=y, 200, ok",
    "POST /livez, 405, only GET and HEAD are answered",
    "DELETE /metrics, 405, only GET and HEAD are answered",
    "GET /, 404, unknown path",
    "GET /livez/, 404, unknown path",
    "GET /debug, 404, unknown path",
    "HEAD /metrics, 200, ''",
  })
  void request_path_isAnswered(String line, int status, String body) throws IOException {
    String reply = exchange(line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(reply).startsWith("HTTP/1.1 " + status + " ");
    assertThat(body(reply).strip()).isEqualTo(body);
  }

  @ParameterizedTest
  @EnumSource(Readiness.class)
  void readyz_state_isTold(Readiness now) throws IOException {
    readiness = now;

    String reply = get("/readyz", "");

    assertThat(reply)
        .startsWith("HTTP/1.1 " + (now.name().matches("READY|JOURNAL_AWAY") ? 200 : 503));
    assertThat(body(reply)).isEqualTo(now.word() + "\n");
  }

  @Test
  void metrics_acceptHeader_choosesTheForm() throws IOException {
    String plain = get("/metrics", "");
    String open = get("/metrics", "Accept: application/openmetrics-text; version=1.0.0\r\n");

    assertThat(plain)
        .containsIgnoringCase("content-type: text/plain; version=0.0.4")
        .contains("mayfly_keys 1.0\n", "jvm_memory_used_bytes{", "jvm_threads_live_threads")
        .contains("mayfly_build_info{", "version=\"1.2.3\"");
    assertThat(open)
        .containsIgnoringCase("content-type: application/openmetrics-text; version=1.0.0")
        .endsWith("# EOF\n");
  }

  @Test
  void metrics_turnedOff_isAnUnknownPath() throws IOException, TimeoutException {
    port = listen(new MonitorListener(vertx, () -> readiness, null));

    assertThat(get("/metrics", "")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void metrics_notThereYet_saysThatItStarts() throws IOException, TimeoutException {
    port = listen(new MonitorListener(vertx, () -> Readiness.STARTING, () -> null));

    assertThat(get("/metrics", "")).startsWith("HTTP/1.1 503 ").endsWith("starting\n");
    assertThat(get("/livez", "")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void request_garbageOrTooLong_isRefusedAndTheNextIsServed() throws IOException {
    assertThat(exchange("\0\1\2 garbage\r\n\r\n")).matches("HTTP/1.. 400[^$]*");
    assertThat(exchange("GET /" + "a".repeat(4000) + " HTTP/1.1\r\n\r\n"))
        .matches("HTTP/1.. 414[^$]*");
    assertThat(exchange("GET / HTTP/1.1\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
        .matches("HTTP/1.. 431[^$]*");

    assertThat(get("/livez", "")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void connections_beyondTheLimit_areClosed() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < MonitorListener.CONNECTIONS_MAX; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(socket);
        // Answered, so it is counted.
        assertThat(firstLine(socket)).startsWith("HTTP/1.1 200");
      }

      assertThat(get("/livez", "")).isEmpty();
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private int listen(MonitorListener listener) throws TimeoutException {
    return listener
        .start(SocketAddress.inetSocketAddress(0, "127.0.0.1"))
        .await(10, TimeUnit.SECONDS);
  }

  private String get(String path, String headers) throws IOException {
    return exchange(
        "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
  }

  private static String body(String reply) {
    return reply.substring(reply.indexOf("\r\n\r\n") + 4);
  }

  private static String firstLine(Socket socket) throws IOException {
    socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
    byte[] start = new byte[12];
    int length = socket.getInputStream().readNBytes(start, 0, start.length);
    return new String(start, 0, length, ISO_8859_1);
  }

  /** Everything that comes back until the server closes; empty if it closes at once. */
  private String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), ISO_8859_1);
    } catch (SocketException e) {
      return "";
    }
  }
}
