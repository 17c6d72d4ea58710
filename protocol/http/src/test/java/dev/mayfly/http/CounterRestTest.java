package dev.mayfly.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CounterRestTest {
  private static final String NO_KEY =
      "400 {\"message\":\"Bad request\",\"details\":\"namespace and key query params are"
          + " required\"}\n";
  private static final String NO_PATTERN =
      "400 {\"message\":\"Bad request\",\"details\":\"namespace and pattern query params are"
          + " required\"}\n";

  private TestDoor door;

  @BeforeEach
  void open() {
    door = TestDoor.open();
  }

  @AfterEach
  void close() {
    door.close();
  }

  private long count(byte[] namespace, byte[] key) {
    return door.counters.count(namespace, key, door.time.millis());
  }

  @Test
  void put_answersTheCountAfterIt() {
    TestReply first = door.ask("GET", "/put?namespace=login&key=alice");

    assertThat(first.line()).isEqualTo("200 {\"count\":1}\n");
    assertThat(first.field("content-type")).isEqualTo("application/json");
    assertThat(door.ask("GET", "/put?key=alice&namespace=login").line())
        .isEqualTo("200 {\"count\":2}\n");
    assertThat(door.ask("GET", "/count?namespace=login&pattern=alice").line())
        .isEqualTo("200 {\"count\":2}\n");
    assertThat(door.ask("GET", "/count?namespace=login&pattern=a*").line())
        .isEqualTo("200 {\"count\":0}\n");
    assertThat(door.ask("GET", "/namespaces").line()).isEqualTo("200 {\"list\":[\"login\"]}\n");
  }

  @Test
  void namespaces_none_isAnEmptyList() {
    assertThat(door.ask("GET", "/namespaces").line()).isEqualTo("200 {\"list\":[]}\n");
  }

  @Test
  void count_aboveFourBytes_staysThere() {
    byte[] name = "n".getBytes(UTF_8);
    door.counters.hit(name, name, 4_294_967_295L, door.time.millis());
    door.counters.hit(name, name, 7, door.time.millis());

    assertThat(door.ask("GET", "/count?namespace=n&pattern=n").line())
        .isEqualTo("200 {\"count\":4294967295}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/put",
        "/put?namespace=a",
        "/put?key=a",
        "/put?namespace=&key=a",
        "/put?namespace=a&key=%20%0A+",
        "/put?namespace=a&key=%4",
        "/put?namespace=a&key=%zz",
        "/put?namespace=a&key=b;c",
      })
  void put_withoutBoth_isRefused(String target) {
    assertThat(door.ask("GET", target).line()).isEqualTo(NO_KEY);
    assertThat(door.counters.namespaces(door.time.millis())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/count", "/count?namespace=a", "/count?pattern=a", "/count?key=a"})
  void count_withoutBoth_isRefused(String target) {
    assertThat(door.ask("GET", target).line()).isEqualTo(NO_PATTERN);
  }

  @ParameterizedTest
  @CsvSource({
    "'/put?namespace=+a%0A&key=%20b+c+', a, b c",
    "'/put?namesp%61ce=a&key=b', a, b",
    "'/put?namespace=a&namespace=c&key=b&key=d', a, b",
    "'/put?namespace=%zz&namespace=a&key=b', a, b",
  })
  void put_anyWayToWriteThem_isUnderstood(String target, String namespace, String key) {
    assertThat(door.ask("GET", target).line()).isEqualTo("200 {\"count\":1}\n");
    assertThat(count(namespace.getBytes(UTF_8), key.getBytes(UTF_8))).isEqualTo(1);
  }

  @Test
  void put_bytesThatAreNoText_areKept() {
    door.ask("GET", "/put?namespace=%ff%00&key=%fe");

    assertThat(count(new byte[] {(byte) 0xff, 0}, new byte[] {(byte) 0xfe})).isEqualTo(1);
    assertThat(door.ask("GET", "/namespaces").line())
        .isEqualTo("200 {\"list\":[\"\\ufffd\\u0000\"]}\n");
  }

  @Test
  void namespaces_withMarkup_areEscaped() {
    door.ask("GET", "/put?namespace=%3Ca%3E%26%22%5C%E2%80%A8%0Ax%09%0D%01%C3%BC&key=k");

    assertThat(door.ask("GET", "/namespaces").line())
        .isEqualTo(
            "200 {\"list\":[\"\\u003ca\\u003e\\u0026\\\"\\\\\\u2028\\nx\\t\\r\\u0001ü\"]}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void otherMethods_areRefused(String method) {
    for (String path : new String[] {"/put", "/count", "/namespaces"}) {
      TestReply reply = door.ask(method, path + "?namespace=a&key=b");

      assertThat(reply.line())
          .isEqualTo(
              "405 {\"message\":\"Method not allowed\",\"details\":\"%s %s\"}\n"
                  .formatted(method, path));
      assertThat(reply.field("content-type")).isEqualTo("application/json");
    }
    assertThat(door.ask("HEAD", "/count").status()).isEqualTo(405);
    assertThat(door.counters.namespaces(door.time.millis())).isEmpty();
  }

  @Test
  void put_keyTooLong_isRefused() {
    TestReply reply = door.ask("GET", "/put?namespace=a&key=" + "k".repeat(10_000));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).startsWith("{\"message\":\"").contains("\"details\":\"");
  }

  @Test
  void ownListener_answersNothingElse() {
    try (TestDoor own = TestDoor.openForCounters()) {
      assertThat(own.ask("GET", "/").line())
          .isEqualTo(
              "200 {\"message\":\"OK\",\"details\":\"Dracula rest server - Routes:  GET"
                  + " /namespaces, GET /count, GET /put\"}\n");
      assertThat(own.ask("POST", "/").line())
          .isEqualTo("405 {\"message\":\"Method not allowed\",\"details\":\"POST /\"}\n");
      assertThat(own.ask("GET", "/%70ut?namespace=a&key=b").line())
          .isEqualTo("200 {\"count\":1}\n");
      for (String path : new String[] {"/v1/keys", "/get", "/count/", "/healthcheck"}) {
        assertThat(own.ask("GET", path + "?k=a").line())
            .isEqualTo(
                "404 {\"message\":\"Route not matched\",\"details\":\"GET %s\"}\n".formatted(path));
      }
      assertThat(own.ask("POST", "/%3Cx").line())
          .isEqualTo("404 {\"message\":\"Route not matched\",\"details\":\"POST /\\u003cx\"}\n");
    }
  }
}
