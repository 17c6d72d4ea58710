package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, it gets an error at most, and the door goes on. */
class HostileClientTest {
  private static final int MEBIBYTE = 1 << 20;

  private TestDoor door;

  @BeforeEach
  void open() {
    door = TestDoor.open();
  }

  @AfterEach
  void close() {
    assertThat(door.ask("GET", "/healthcheck").status()).isEqualTo(200);
    door.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000\u0001\u0002\u0003\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / XTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nbad name: x\r\n\r\n",
        "GET / HTTP/1.1\r\nname: a\u0000b\r\n\r\n",
        "PUT /v1/keys/a HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "PUT /v1/keys/a HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "PUT /v1/keys/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "PUT /v1/keys/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
      })
  void garbage_isRefusedAndTheConnectionEnds(String garbage) {
    try (TestClient client = door.client()) {
      client.write(garbage);

      assertThat(client.isEnded()).isTrue();
    }
    assertThat(door.get("a")).isNull();
  }

  @Test
  void garbage_random_neverStopsTheDoor() {
    long seed = Long.getLong("seed", System.identityHashCode(this));
    Random random = new Random(seed);
    byte[] start =
        "GET /v1/keys/a?x=%41 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = start.clone();
      for (int changes = random.nextInt(8); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try (TestClient client = door.client()) {
        client.write(bytes);
      }
      int opened = i + 1;
      Eventually.holds(
          "the connection is closed, seed " + seed, () -> door.requests.closed.get() == opened);
    }

    assertThat(door.ask("GET", "/healthcheck").status()).as("seed %d", seed).isEqualTo(200);
  }

  @Test
  void malformed_isAProblemWithoutStackTrace() {
    try (TestClient client = door.client()) {
      client.write("GET / HTTP/1.1\r\nbad name: x\r\n\r\n");
      TestReply reply = client.read("GET");

      assertThat(reply.line())
          .isEqualTo(
              "400 {\"type\":\"urn:mayfly:problem:malformed\",\"title\":\"the request is"
                  + " malformed\",\"status\":400,\"detail\":\"expected HTTP/1.1\"}");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void overlongLine_is414() {
    try (TestClient client = door.client()) {
      client.write("GET /get?k=" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.read("GET").status()).isEqualTo(414);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void overlongHead_is431() {
    try (TestClient client = door.client()) {
      client.write(TestClient.head("GET", "/", "X-Long: " + "a".repeat(20_000)) + "\r\n");

      assertThat(client.read("GET").status()).isEqualTo(431);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void endlessHead_isCutOff() {
    try (TestClient client = door.client()) {
      client.write("GET / HTTP/1.1\r\n");
      for (int i = 0; i < 2000; i++) {
        client.write("X-Field-" + i + ": value\r\n");
      }
      client.write("\r\n");

      assertThat(client.read("GET").status()).isEqualTo(431);
    } catch (UncheckedIOException e) {
      // The door may have closed before all was written: then the answer is lost with the rest.
      assertThat(e).hasCauseInstanceOf(IOException.class);
    }
    try (TestClient other = door.client()) {
      other.write("GET /healthcheck HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(other.read("GET").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HT",
        "GET / HTTP/1.1\r\nHost: x\r\n",
        "PUT /v1/keys/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
        ""
      })
  void half_isClosedWhenIdle(String half) {
    try (TestDoor impatient = TestDoor.open(HostileClientTest::impatient);
        TestClient client = impatient.client()) {
      client.write(half);

      assertThat(client.isEnded()).isTrue();
      assertThat(impatient.get("a")).isNull();
    }
  }

  private static HttpConfig impatient(HttpConfig config) {
    return TestDoor.withIdleTimeout(config, Duration.ofSeconds(1));
  }

  @Test
  void hugeBody_declared_isRefusedBeforeItIsSent() {
    try (TestClient client = door.client()) {
      client.write(TestClient.head("PUT", "/v1/keys/a", "Content-Length: 104857600") + "\r\n");

      TestReply reply = client.read("PUT");

      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.field("connection")).isEqualTo("close");
    }
  }

  @Test
  void hugeBody_sentWhole_isAnsweredAndTheConnectionEnds() {
    try (TestClient client = door.client()) {
      client.write(TestClient.head("POST", "/api", "Content-Length: 104857600") + "\r\n");
      byte[] part = new byte[MEBIBYTE];
      for (int i = 0; i < 100; i++) {
        client.write(part);
      }

      assertThat(client.read("POST").line()).isEqualTo("413 {\"message\":\"body too large\"}");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void hugeBody_chunked_isRefused() {
    try (TestClient client = door.client()) {
      client.write(TestClient.head("POST", "/v1/batch", "Transfer-Encoding: chunked") + "\r\n");
      byte[] part = new byte[MEBIBYTE];
      for (int i = 0; i < 20; i++) {
        client.write("100000\r\n");
        client.write(part);
        client.write("\r\n");
      }
      client.write("0\r\n\r\n");

      assertThat(client.read("POST").status()).isEqualTo(413);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void body_whereNoneIsExpected_isPassedOver() {
    try (TestClient client = door.client()) {
      assertThat(client.send("GET", "/set?k=a&v=1", new byte[8 * MEBIBYTE]).status())
          .isEqualTo(200);
      assertThat(client.send("POST", "/v1/keys/a/pop", new byte[10]).line()).isEqualTo("200 1");
      assertThat(client.ask("GET", "/is?k=a").status()).isEqualTo(404);
    }
  }

  @Test
  void expectContinue_isAnsweredUnlessTheBodyIsTooLong() {
    try (TestClient client = door.client()) {
      client.write(
          TestClient.head("PUT", "/v1/keys/a", "Expect: 100-continue", "Content-Length: 2")
              + "\r\n");
      assertThat(client.read("PUT").status()).isEqualTo(100);
      client.write("ok");
      assertThat(client.read("PUT").status()).isEqualTo(201);
      client.write(
          TestClient.head("PUT", "/v1/keys/a", "Expect: 100-continue", "Content-Length: 99999999")
              + "\r\n");
      assertThat(client.read("PUT").status()).isEqualTo(413);
    }
  }

  @Test
  void connect_isNoTunnel() {
    try (TestClient client = door.client()) {
      client.write("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n");

      assertThat(client.read("CONNECT").line())
          .isEqualTo("404 {\"error\":\"No register handler for [example.org:443]\"}");
    }
  }

  @Test
  void trace_echoesNothing() {
    TestReply reply = door.ask("TRACE", "/v1/stats", "X-Secret: hidden");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.text()).doesNotContain("hidden");
  }

  @Test
  void upgrade_isNotTaken() {
    TestReply reply =
        door.ask(
            "GET",
            "/",
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA");

    assertThat(reply.line()).isEqualTo("200 {}");
  }

  @Test
  void http10_isSpoken() {
    for (int i = 0; i < 5000; i++) {
      door.set("key-" + i, "v");
    }
    try (TestClient client = door.client()) {
      client.write("GET /getKeys HTTP/1.0\r\n\r\n");

      TestReply reply = client.read("GET");

      assertThat(reply.field("transfer-encoding")).isNull();
      assertThat(GetStoreListingTest.texts(reply.body())).hasSize(5000);
    }
  }
}
