package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.testing.Eventually;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What one connection can make the door hold is bounded, and so is what all can. */
class BackpressureTest {
  private static final int VALUE_BYTES = 100_000;
  private static final int LARGE_BYTES = 900_000;
  private static final int MANY = 200_000;

  /** The shortest request has some 50 bytes, a read 64 KiB at most. */
  private static final int READ_REQUESTS_MAX = 2500;

  private static final int VALUES = 400;

  /** More than the buffers of both sockets and of the connection take, less than all values. */
  private static final int READS_AHEAD_MAX = 250;

  private static void fill(TestDoor door) {
    for (int i = 0; i < VALUES; i++) {
      door.set("key-" + i, "x".repeat(VALUE_BYTES));
    }
  }

  @Test
  void listing_slowReader_isNotReadAhead() {
    ReadHook hook = new ReadHook();
    try (TestDoor door = TestDoor.openThrough(hook::before);
        TestClient slow = door.client()) {
      fill(door);
      slow.write(TestClient.head("GET", "/getValues") + "\r\n");

      assertThat(Eventually.settles(hook.reads::get)).isBetween(1, READS_AHEAD_MAX);

      assertThat(door.ask("GET", "/get?k=none").status()).isEqualTo(404);
      assertThat(GetStoreListingTest.texts(slow.read("GET").body())).hasSize(VALUES);
    }
  }

  @Test
  void listing_slowReader_largeValues_fewAreReadAhead() {
    ReadHook hook = new ReadHook();
    try (TestDoor door = TestDoor.openThrough(hook::before);
        TestClient slow = TestClient.connectNarrow(door.port())) {
      for (int i = 0; i < 40; i++) {
        door.set("key-" + i, "x".repeat(LARGE_BYTES));
      }
      slow.write(TestClient.head("GET", "/getValues") + "\r\n");

      // The system's buffers take 4 MiB at most, the door one value and what is left of another.
      assertThat(Eventually.settles(hook.reads::get)).isBetween(1, 9);
      assertThat(door.load().outputBytes()).isBetween(1L, 2L * LARGE_BYTES);

      assertThat(GetStoreListingTest.texts(slow.read("GET").body())).hasSize(40);
      Eventually.holds("none is left", () -> door.load().equals(HttpLoad.NONE));
    }
  }

  @Test
  void listing_readerGoesAway_ends() {
    ReadHook hook = new ReadHook();
    try (TestDoor door = TestDoor.openThrough(hook::before)) {
      fill(door);
      try (TestClient gone = door.client()) {
        gone.write(TestClient.head("GET", "/getValues") + "\r\n");
        Eventually.holds("the listing begins", () -> hook.reads.get() > 0);
      }

      Eventually.holds(
          "the listing is given up", () -> door.requests.requests.contains("/getValues 499"));
      assertThat(hook.reads.get()).isLessThan(VALUES);
    }
  }

  @Test
  void pipelinedRequests_areAnsweredInOrder() {
    try (TestDoor door = TestDoor.open();
        TestClient client = door.client()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 1000; i++) {
        requests.append(TestClient.head("GET", "/set?k=a&v=" + i)).append("\r\n");
        requests.append(TestClient.head("GET", "/get?k=a")).append("\r\n");
      }
      client.write(requests.toString());

      for (int i = 0; i < 1000; i++) {
        assertThat(client.read("GET").status()).isEqualTo(200);
        assertThat(client.read("GET").line()).isEqualTo("200 \"" + i + "\"");
      }
    }
  }

  @Test
  void pipelinedRequests_unreadAnswers_holdUpTheNext() {
    ReadHook hook = new ReadHook();
    try (TestDoor door = TestDoor.openThrough(hook::before);
        TestClient slow = door.client()) {
      door.set("a", "x".repeat(VALUE_BYTES));
      slow.write((TestClient.head("GET", "/v1/keys/a") + "\r\n").repeat(VALUES));

      assertThat(Eventually.settles(hook.reads::get)).isBetween(1, READS_AHEAD_MAX);

      for (int i = 0; i < VALUES; i++) {
        assertThat(slow.read("GET").body()).hasSize(VALUE_BYTES);
      }
    }
  }

  @Test
  void pipelinedBodies_behindUnreadAnswers_arriveWhole() {
    try (TestDoor door = TestDoor.open();
        TestClient slow = door.client()) {
      door.set("a", "x".repeat(VALUE_BYTES));
      slow.write((TestClient.head("GET", "/v1/keys/a") + "\r\n").repeat(VALUES));
      slow.write(TestClient.head("PUT", "/v1/keys/b", "Content-Length: 3") + "\r\nend");

      for (int i = 0; i < VALUES; i++) {
        assertThat(slow.read("GET").body()).hasSize(VALUE_BYTES);
      }
      assertThat(slow.read("PUT").status()).isEqualTo(201);
      assertThat(door.get("b")).isEqualTo("end");
    }
  }

  @Test
  void pipelinedRequests_behindUnreadAnswers_areNotReadOn() throws InterruptedException {
    try (TestDoor door = TestDoor.open()) {
      door.set("a", "x".repeat(VALUE_BYTES));
      Thread writer;
      try (TestClient slow = door.client()) {
        writer =
            Thread.ofVirtual()
                .start(
                    () -> slow.write((TestClient.head("GET", "/v1/keys/a") + "\r\n").repeat(MANY)));
        Eventually.holds("some wait", () -> door.pipelinedRequests() > 0);

        // What one read brings, and no more.
        assertThat(Eventually.settles(door::pipelinedRequests)).isBetween(1, READ_REQUESTS_MAX);
      }
      writer.join();
      Eventually.holds("none are left", () -> door.pipelinedRequests() == 0);
      assertThat(door.requests.cut.get()).isZero();
    }
  }

  @Test
  void pipelinedRequests_moreThanMayWait_endTheirConnection() {
    try (TestDoor door = TestDoor.open(config -> TestDoor.withPipelined(config, 10));
        TestClient few = door.client();
        TestClient many = door.client()) {
      String request = TestClient.head("GET", "/get?k=a") + "\r\n";

      many.write(TestClient.head("GET", "/v1/events") + "\r\n" + request.repeat(30));

      Eventually.holds("cut", () -> door.requests.cut.get() == 1);
      Eventually.holds("what it had is given back", () -> door.pipelinedRequests() == 0);
      few.write(request.repeat(10));
      for (int i = 0; i < 10; i++) {
        assertThat(few.read("GET").status()).isEqualTo(404);
      }
      assertThat(door.requests.closed.get()).isEqualTo(1);
    }
  }

  private static UnaryOperator<HttpConfig> small(int connectionsMax) {
    return config ->
        new HttpConfig(
            config.version(),
            config.eventLoops(),
            1 << 20,
            config.headerBytesMax(),
            config.idleTimeout(),
            connectionsMax,
            config.batchMax(),
            new HttpConfig.Input(1000, 32 << 20, (1 << 20) + 4096, config.input().timeout()),
            config.output(),
            config.getStoreKeyCharsMax(),
            config.getStoreValueCharsMax(),
            config.rules(),
            config.getStoreRules(),
            config.jsonCacheRules(),
            config.privilegedClientId(),
            null);
  }

  @Test
  void bodies_moreThanTheMemoryForThem_areRefused() {
    try (TestDoor door = TestDoor.open(small(100));
        TestClient first = door.client()) {
      byte[] half = new byte[600_000];
      first.write(TestClient.head("PUT", "/v1/keys/a", "Content-Length: 600001") + "\r\n");
      first.write(half);
      Eventually.holds(
          "the body but its end is held", () -> door.load().inputBytes() == half.length);

      TestReply refused = door.send("POST", "/v1/batch", half);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.text()).contains("\"code\":\"overloaded\"");
      assertThat(refused.field("retry-after")).isEqualTo("1");

      first.write("x");
      assertThat(first.read("PUT").status()).isEqualTo(201);
      for (int i = 0; i < 20; i++) {
        assertThat(door.send("PUT", "/v1/keys/b", half).status()).isBetween(200, 201);
      }
      assertThat(door.load().inputBytes()).isZero();
    }
  }

  @Test
  void bodies_thatBreakOff_giveTheirMemoryBack() {
    try (TestDoor door = TestDoor.open(small(100))) {
      byte[] half = new byte[600_000];
      for (int i = 0; i < 10; i++) {
        try (TestClient gone = door.client()) {
          gone.write(TestClient.head("PUT", "/v1/keys/a", "Content-Length: 600001") + "\r\n");
          gone.write(half);
          Eventually.holds("it is held", () -> door.load().inputBytes() == half.length);
        }
        Eventually.holds("it is given back", () -> door.load().inputBytes() == 0);
      }

      assertThat(door.send("PUT", "/v1/keys/b", half).status()).isEqualTo(201);
    }
  }

  @Test
  void connections_oneTooMany_isClosed() {
    try (TestDoor door = TestDoor.open(small(2));
        TestClient first = door.client()) {
      assertThat(first.ask("GET", "/").status()).isEqualTo(200);
      try (TestClient second = door.client()) {
        assertThat(second.ask("GET", "/").status()).isEqualTo(200);
        try (TestClient third = door.client()) {
          assertThat(third.isEnded()).isTrue();
        }
        assertThat(first.ask("GET", "/").status()).isEqualTo(200);
      }
      Eventually.holds("a place is free", () -> door.requests.closed.get() == 1);
      try (TestClient fourth = door.client()) {
        assertThat(fourth.ask("GET", "/").status()).isEqualTo(200);
      }
      assertThat(door.requests.refused.get()).isEqualTo(1);
      assertThat(door.requests.opened.get()).isEqualTo(3);
    }
  }

  @Test
  void bug_isAnsweredWithoutItsStoryAndTheConnectionGoesOn() {
    ReadHook hook = new ReadHook();
    try (TestDoor door = TestDoor.openThrough(hook::before);
        TestClient client = door.client()) {
      hook.failure = new IllegalStateException("secret inner state");

      TestReply v1 = client.ask("GET", "/v1/keys/a");
      assertThat(v1.status()).isEqualTo(500);
      assertThat(v1.text()).contains("\"code\":\"internal\"").doesNotContain("secret", "java");
      assertThat(client.ask("GET", "/get?k=a").line())
          .isEqualTo("500 {\"error\":\"INTERNAL_ERROR\"}");
      assertThat(client.ask("GET", "/api?key=a").line())
          .isEqualTo("500 {\"message\":\"internal error\"}");
      hook.failure = new MayflyException(ErrorCode.INTERNAL, "secret inner state");
      assertThat(Objects.requireNonNull(client.ask("GET", "/v1/keys/a").text()))
          .doesNotContain("secret");
      hook.failure = null;
      assertThat(client.ask("GET", "/v1/keys/a").status()).isEqualTo(404);
    }
  }

  @Test
  void bug_inTheMiddleOfAnAnswer_endsTheConnection() {
    ReadHook hook = new ReadHook();
    try (TestDoor door = TestDoor.openThrough(hook::before);
        TestClient client = door.client()) {
      fill(door);
      client.write(TestClient.head("GET", "/getValues") + "\r\n");
      Eventually.holds("the answer begins", () -> hook.reads.get() > 20);
      hook.failure = new IllegalStateException("on purpose");

      assertThat(client.isEnded()).isTrue();
    }
  }
}
