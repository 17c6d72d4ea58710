package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.engine.EngineConfig;
import dev.mayfly.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not take the values, lists, batches and events that they asked for. */
@Timeout(120)
class ReplyMemoryTest {
  private static final int VALUE_BYTES = 500_000;

  /** As text of events, base64 of it and little else. */
  private static final int EVENT_BYTES = VALUE_BYTES * 4 / 3 + 1000;

  /** More in all than the buffers of both sockets take. */
  private static final int VALUES = 60;

  private static final int CLIENTS = 8;
  private static final long MAX = 2L * VALUE_BYTES;
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final List<TestClient> clients = new ArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(TestClient::close);
  }

  private static TestDoor open(Duration timeout) {
    return TestDoor.open(
        config -> TestDoor.withOutput(config, new HttpConfig.Output(MAX, timeout)),
        EngineConfig.forTests().withEventBytesMax(32 << 20));
  }

  private static TestDoor filled(Duration timeout) {
    TestDoor door = open(timeout);
    for (int i = 0; i < VALUES; i++) {
      door.set("key-" + i, "x".repeat(VALUE_BYTES));
    }
    return door;
  }

  private void ask(TestDoor door, String target) {
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(door.client());
      clients.getLast().write(TestClient.head("GET", target) + "\r\n");
    }
  }

  private static int listed(TestClient client) {
    return GetStoreListingTest.texts(client.read("GET").body()).size();
  }

  @Test
  void lists_slowReaders_holdLittleTogether_andEachGetsAll() throws Exception {
    List<Future<Integer>> all = new ArrayList<>();
    try (TestDoor door = filled(LONG)) {
      ask(door, "/getValues");
      Eventually.holds("some wait", () -> door.load().outputWaiting() > 0);
      Eventually.settles(() -> (int) door.load().outputBytes());
      // Whoever had its turn added one value to less than the bound.
      assertThat(door.load().outputBytes()).isBetween(MAX, MAX + VALUE_BYTES + 1000);
      assertThat(door.ask("GET", "/get?k=none").status()).isEqualTo(404);
      assertThat(door.ask("GET", "/v1/keys?limit=5").text()).contains("key-");

      try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
        clients.forEach(client -> all.add(readers.submit(() -> listed(client))));
      }
      for (Future<Integer> each : all) {
        assertThat(each.get()).isEqualTo(VALUES);
      }

      Eventually.holds("none is left", () -> door.load().equals(HttpLoad.NONE));
      assertThat(door.requests.repliesCut).hasValue(0);
    }
  }

  @Test
  void lists_whoTakesNothingWhileOthersWait_isCut() {
    try (TestDoor door = filled(SHORT);
        TestClient quick = door.client()) {
      ask(door, "/getValues");
      Eventually.holds("some wait", () -> door.load().outputWaiting() > 0);

      quick.write(TestClient.head("GET", "/getValues") + "\r\n");
      assertThat(listed(quick)).isEqualTo(VALUES);

      assertThat(door.requests.repliesCut.get()).isPositive();
      clients.forEach(TestClient::close);
      Eventually.holds("none is left", () -> door.load().equals(HttpLoad.NONE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/keys/big",
        "GET /v1/keys/big?version=1",
        "GET /v1/keys/big/metadata?value=true",
        "GET /get?k=big",
        "GET /api?key=big",
      })
  void values_slowReaders_holdLittleTogether_andEachGetsAll(String line) throws Exception {
    String method = line.substring(0, 3);
    String target = line.substring(4);
    try (TestDoor door = open(LONG)) {
      door.set("big", "{\"x\":\"" + "x".repeat(VALUE_BYTES) + "\"}");
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(door.client());
        clients.getLast().write((TestClient.head(method, target) + "\r\n").repeat(VALUES));
      }
      Eventually.holds("some wait", () -> door.load().outputWaiting() > 0);
      Eventually.settles(() -> (int) door.load().outputBytes());
      // Both event loops may see room for one more, besides the one that has its turn.
      assertThat(door.load().outputBytes()).isBetween(MAX, MAX + 3L * VALUE_BYTES + 5000);
      assertThat(door.ask("GET", "/get?k=none").status()).isEqualTo(404);
      assertThat(door.ask("PUT", "/v1/keys/big2").status()).isEqualTo(201);
      assertThat(door.ask("GET", "/v1/keys/big2").status()).isEqualTo(200);

      readAll(clients, VALUES);

      Eventually.holds("none is left", () -> door.load().equals(HttpLoad.NONE));
      assertThat(door.requests.repliesCut).hasValue(0);
    }
  }

  private static void readAll(List<TestClient> from, int replies) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      from.forEach(
          client ->
              all.add(
                  readers.submit(
                      () -> {
                        for (int i = 0; i < replies; i++) {
                          assertThat(client.read("GET").status()).isEqualTo(200);
                        }
                      })));
    }
    for (Future<?> each : all) {
      each.get();
    }
  }

  @Test
  void post_thatWaits_keepsItsBodyCounted() {
    try (TestDoor door = filled(LONG)) {
      ask(door, "/getValues");
      Eventually.holds("some wait", () -> door.load().outputWaiting() > 0);
      String object = "{\"key\":\"a\",\"data\":{\"x\":\"" + "x".repeat(VALUE_BYTES) + "\"}}";
      try (TestClient post = door.client()) {
        String length = "Content-Length: " + object.length();
        String type = "Content-Type: application/json";
        post.write(TestClient.head("POST", "/api", length, type) + "\r\n" + object);
        Eventually.holds("it counts", () -> door.load().inputBytes() == object.length());
        assertThat(door.get("a")).isNull();
        clients.forEach(TestClient::close);

        assertThat(post.read("POST").status()).isEqualTo(200);
        assertThat(door.get("a")).isNotNull();
      }
      Eventually.holds("none is left", () -> door.load().equals(HttpLoad.NONE));
    }
  }

  @Test
  void pop_whoLeavesBeforeItsTurn_takesNothing() throws Exception {
    try (TestDoor door = filled(LONG)) {
      ask(door, "/getValues");
      Eventually.holds("some wait", () -> door.load().outputWaiting() > 0);
      int waiting = Eventually.settles(() -> door.load().outputWaiting());
      try (TestClient pops = door.client()) {
        pops.write(TestClient.head("POST", "/v1/keys/key-1/pop") + "\r\n");
        Eventually.holds("it waits", () -> door.load().outputWaiting() == waiting + 1);
      }
      Eventually.holds("it has left", () -> door.load().outputWaiting() == waiting);
      clients.forEach(TestClient::close);
      Eventually.holds("none is left", () -> door.load().equals(HttpLoad.NONE));

      assertThat(door.get("key-1")).isNotNull();
      assertThat(door.requests.requests).contains("/v1/keys/{key}/pop 499");
    }
  }

  @Test
  void batches_slowReaders_holdLittleTogether() throws Exception {
    try (TestDoor door = filled(LONG)) {
      StringBuilder gets = new StringBuilder("{\"operations\":[");
      for (int i = 0; i < VALUES; i++) {
        gets.append(i == 0 ? "" : ",").append("{\"get\":{\"key\":\"key-" + i + "\"}}");
      }
      String body = gets.append("]}").toString();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(door.client());
        String length = "Content-Length: " + body.length();
        clients.getLast().write(TestClient.head("POST", "/v1/batch", length) + "\r\n" + body);
      }
      Eventually.holds("some wait", () -> door.load().outputWaiting() > 0);
      Eventually.settles(() -> (int) door.load().outputBytes());
      assertThat(door.load().outputBytes()).isBetween(MAX, MAX + EVENT_BYTES);
      assertThat(door.load().inputBytes()).as("bodies").isEqualTo((long) CLIENTS * body.length());

      clients.getFirst().close();
      clients.getLast().close();
      List<Future<Integer>> all = new ArrayList<>();
      try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
        clients
            .subList(1, CLIENTS - 1)
            .forEach(client -> all.add(readers.submit(() -> client.read("POST").status())));
      }
      for (Future<Integer> each : all) {
        assertThat(each.get()).isEqualTo(200);
      }
      Eventually.holds("none is left", () -> door.load().equals(HttpLoad.NONE));
    }
  }

  @Test
  void events_slowReaders_holdLittleTogether_othersAreToldAll() {
    try (TestDoor door = open(SHORT);
        EventStreamClient quick = EventStreamClient.open(door, "?values=true")) {
      ask(door, "/v1/events?values=true");

      for (int i = 0; i < VALUES; i++) {
        door.set("key-" + i, "x".repeat(VALUE_BYTES));
        assertThat(quick.event()).contains("\"key\":\"key-" + i + "\"");
        assertThat(door.load().outputBytes()).isLessThan(MAX + 2L * EVENT_BYTES);
      }

      Eventually.holds("some are cut", () -> door.requests.repliesCut.get() > 0);
    }
  }
}
