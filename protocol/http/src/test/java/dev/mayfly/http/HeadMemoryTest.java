package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.UnlockRequest;
import dev.mayfly.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send heads that are large, or slow to come. */
@Timeout(60)
class HeadMemoryTest {
  private static final int HEADS = 300 << 10;
  private static final long LATE_MILLIS = 20_001;

  /** More than a third of the memory, as objects. */
  private static final String LARGE = "a:b\r\n".repeat(1000);

  private static TestDoor open(int bodyBytesMax) {
    return TestDoor.open(
        config ->
            TestDoor.withInput(
                config, new HttpConfig.Input(100, HEADS, bodyBytesMax, Duration.ofSeconds(20))));
  }

  private static TestDoor open() {
    return open(8 << 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "GET /v1/stats HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n",
        "PUT /v1/keys/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
      })
  void heads_inPart_moreThanTheMemory_areRefused(String begin) {
    try (TestDoor door = open()) {
      refuseThird(door, begin);

      Eventually.holds("it is given back", () -> door.load().equals(HttpLoad.NONE));
    }
  }

  private static void refuseThird(TestDoor door, String begin) {
    try (TestClient first = door.client();
        TestClient second = door.client();
        TestClient third = door.client()) {
      first.write(begin + LARGE);
      second.write(begin + LARGE);
      Eventually.holds("both are counted", () -> door.load().inputBytes() > 2L * 128 * 1000);

      third.write(begin + LARGE);
      assertThat(third.isEnded()).isTrue();
      assertThat(door.requests.cut).hasValue(1);
      assertThat(door.load().inputBytes()).isLessThanOrEqualTo(HEADS);

      assertThat(door.ask("GET", "/get?k=a").status()).isEqualTo(404);
    }
  }

  @Test
  void head_inPart_isToldWhy_orIsAnswered() {
    try (TestDoor door = open();
        TestClient first = door.client();
        TestClient second = door.client()) {
      first.write(TestClient.head("GET", "/get?k=a") + LARGE);
      first.write(LARGE);
      Eventually.holds("it is counted", () -> door.load().inputBytes() > 2L * 128 * 1000);

      TestReply refused = second.ask("GET", "/get?k=a", LARGE + "c: d");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.text()).contains("urn:mayfly:problem:overloaded");
      assertThat(refused.field("content-type")).isEqualTo("application/problem+json");
      assertThat(second.isEnded()).isTrue();

      first.write("\r\n");
      assertThat(first.read("GET").status()).isEqualTo(404);
      Eventually.holds("it is given back", () -> door.load().equals(HttpLoad.NONE));
      assertThat(first.ask("GET", "/get?k=a").status()).isEqualTo(404);
    }
  }

  @Test
  void heads_ofRequestsThatStayOpen_areCounted_smallOnesAreNot() {
    try (TestDoor door = open();
        TestClient large = door.client();
        TestClient small = door.client()) {
      small.write(TestClient.head("GET", "/v1/events", "f: " + "v".repeat(1000)) + "\r\n");
      large.write(TestClient.head("GET", "/v1/events") + LARGE + "\r\n");
      Eventually.holds("it is counted", () -> door.load().inputBytes() > 128 * 1000);
      assertThat(door.load().inputBytes()).isLessThan(150 * 1000);
    }
  }

  @Test
  void head_late_isRefused() {
    try (TestDoor door = open();
        TestClient late = door.client();
        TestClient quick = door.client()) {
      late.write(TestClient.head("GET", "/get?k=a") + LARGE);
      Eventually.holds("it has come in part", () -> door.load().inputBytes() > 128 * 1000);

      door.time.advance(LATE_MILLIS);
      assertThat(quick.ask("GET", "/get?k=a").status()).isEqualTo(404);
      late.write("a: b\r\n");

      TestReply refused = late.read("GET");
      assertThat(refused.status()).isEqualTo(408);
      assertThat(refused.text()).contains("urn:mayfly:problem:request-timeout");
      assertThat(late.isEnded()).isTrue();
    }
  }

  @Test
  void body_late_isRefused() {
    try (TestDoor door = open();
        TestClient late = door.client()) {
      late.write(TestClient.head("PUT", "/v1/keys/a", "Content-Length: 10000") + "\r\n");
      late.write(new byte[5000]);
      Eventually.holds("a part has come", () -> door.load().inputBytes() == 5000);

      door.time.advance(LATE_MILLIS);
      late.write(new byte[100]);

      TestReply refused = late.read("PUT");
      assertThat(refused.status()).isEqualTo(408);
      assertThat(refused.field("connection")).isEqualTo("close");
      assertThat(door.get("a")).isNull();
      Eventually.holds("it is given back", () -> door.load().equals(HttpLoad.NONE));
    }
  }

  @Test
  void head_heldUpByTheDoor_isNotLate() {
    byte[] key = "a".getBytes(StandardCharsets.UTF_8);
    try (TestDoor door = open();
        TestClient client = door.client()) {
      door.setLocked("a", "1", "alice");
      client.write(
          TestClient.head("POST", "/v1/keys/a/lock?duration=30s&wait=10m", "X-Client-Id: bob")
              + "\r\n"
              + TestClient.head("GET", "/get?k=b")
              + "\r\n"
              + TestClient.head("GET", "/get?k=c"));
      Eventually.holds("one waits", () -> door.pipelinedRequests() == 1);

      door.time.advance(LATE_MILLIS);
      door.keyspace.apply(new UnlockRequest(key, 0), door.stamp("alice"));
      assertThat(client.read("POST").status()).isEqualTo(200);
      assertThat(client.read("GET").status()).isEqualTo(404);
      client.write(LARGE);
      Eventually.holds("it goes on", () -> door.load().inputBytes() > 128 * 1000);
      client.write("\r\n");

      assertThat(client.read("GET").status()).isEqualTo(404);
      assertThat(door.requests.cut).hasValue(0);
    }
  }

  @Test
  void bodies_small_areTakenWhenThereIsNoRoomForLargeOnes() {
    try (TestDoor door = open(4 << 20);
        TestClient large = door.client()) {
      int most = 4 << 20;
      large.write(TestClient.head("POST", "/v1/batch", "Content-Length: " + most) + "\r\n");
      large.write(new byte[most - 1]);
      Eventually.holds("it is held", () -> door.load().inputBytes() == most - 1);

      assertThat(door.send("PUT", "/v1/keys/a", new byte[1024]).status()).isEqualTo(201);
      assertThat(door.send("PUT", "/v1/keys/b", new byte[1025]).status()).isEqualTo(503);
    }
  }
}
