package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchResourceTest {
  private TestDoor door;

  @BeforeEach
  void open() {
    door = TestDoor.open();
  }

  @AfterEach
  void close() {
    door.close();
  }

  private TestReply batch(String... operations) {
    String body = "{\"operations\":[" + String.join(",", operations) + "]}";
    return door.send("POST", "/v1/batch", body, "X-Client-Id: me");
  }

  @Test
  void batch_nothing_isNothing() {
    assertThat(batch().line()).isEqualTo("200 {\"results\":[]}");
  }

  @Test
  void batch_operations_areDoneInOrder() {
    TestReply reply =
        batch(
            "{\"set\":{\"key\":\"a\",\"value\":\"1\"}}",
            "{\"set\":{\"value\":\"2\",\"key\":\"a\"}}",
            "{\"get\":{\"key\":\"a\"}}",
            "{\"delete\":{\"key\":\"a\"}}",
            "{\"delete\":{\"key\":\"a\"}}",
            "{\"get\":{\"key\":\"a\"}}");

    assertThat(reply.line())
        .isEqualTo(
            "200 {\"results\":[{\"success\":true,\"is_new\":true},{\"success\":true},"
                + "{\"value\":\"2\"},{\"deleted\":true},{\"deleted\":false},{\"value\":null}]}");
    assertThat(reply.field("content-type")).isEqualTo("application/json");
  }

  @Test
  void batch_set_takesAllOptions() {
    batch(
        "{\"set\":{\"key\":\"a\",\"value\":\"v\",\"lifespan\":\"30m\",\"lock\":\"5s\","
            + "\"content_type\":\"text/x-thing\"}}");

    assertThat(door.entry("a").lifespanMillis()).isEqualTo(1_800_000);
    assertThat(door.lock("a").owner()).isEqualTo("me");
    assertThat(door.entry("a").contentType()).isEqualTo("text/x-thing");
  }

  @Test
  void batch_bytes_areBase64() {
    TestReply reply =
        batch(
            "{\"set\":{\"key_base64\":\"/w==\",\"value_base64\":\"gAE=\"}}",
            "{\"get\":{\"key_base64\":\"/w==\"}}");

    assertThat(reply.text()).contains("{\"value_base64\":\"gAE=\"}");
    assertThat(door.ask("GET", "/v1/keys/%ff").body()).containsExactly(0x80, 1);
  }

  @Test
  void batch_refusedOperation_leavesTheOthers() {
    door.setLocked("held", "v", "somebody");

    TestReply reply =
        batch(
            "{\"set\":{\"key\":\"held\",\"value\":\"1\"}}",
            "{\"set\":{\"key\":\"keyquarry\",\"value\":\"1\"}}",
            "{\"set\":{\"key\":\"\",\"value\":\"1\"}}",
            "{\"set\":{\"key\":\"b\",\"value\":\"1\",\"lifespan\":\"x\"}}",
            "{\"set\":{\"key\":\"b\",\"value\":\"1\",\"content_type\":\"a\\r\\nb\"}}",
            "{\"get\":{\"key\":\"held\"}}",
            "{\"set\":{\"key\":\"a\",\"value\":\"1\"}}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text())
        .startsWith(
            "{\"results\":[{\"error\":{\"type\":\"urn:mayfly:problem:locked\","
                + "\"title\":\"the key is locked by another client\",\"status\":423,")
        .containsSubsequence(
            "\"code\":\"locked\",\"key\":\"held\"",
            "\"code\":\"reserved-key\"",
            "\"code\":\"empty-key\"",
            "\"code\":\"lifespan-invalid\",\"key\":\"b\"",
            "\"code\":\"argument-invalid\"",
            "\"code\":\"locked\"",
            "{\"success\":true,\"is_new\":true}]}");
    assertThat(door.get("a")).isEqualTo("1");
    assertThat(door.get("b")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"operations\":1}",
        "{\"operations\":[]} x",
        "{\"operations\":[],\"more\":1}",
        "{\"operations\":[1]}",
        "{\"operations\":[{}]}",
        "{\"operations\":[{\"set\":1}]}",
        "{\"operations\":[{\"set\":{\"key\":\"a\"}}]}",
        "{\"operations\":[{\"set\":{\"value\":\"a\"}}]}",
        "{\"operations\":[{\"set\":{\"key\":1,\"value\":\"a\"}}]}",
        "{\"operations\":[{\"set\":{\"key\":\"a\",\"value\":null}}]}",
        "{\"operations\":[{\"set\":{\"key\":\"a\",\"value\":\"a\",\"strange\":\"x\"}}]}",
        "{\"operations\":[{\"set\":{\"key_base64\":\"!\",\"value\":\"a\"}}]}",
        "{\"operations\":[{\"set\":{\"key\":\"a\",\"value\":\"\\ud834\"}}]}",
        "{\"operations\":[{\"get\":{\"key\":\"\\udd1e\"}}]}",
        "{\"operations\":[{\"get\":{\"key\":\"a\",\"value\":\"a\"}}]}",
        "{\"operations\":[{\"pop\":{\"key\":\"a\"}}]}",
        "{\"operations\":[{\"get\":{\"key\":\"a\"},\"get\":{\"key\":\"b\"}}]}",
        "{\"operations\":[{\"set\":{\"key\":\"a\",\"value\":\"a\"}},{\"get\":{}}]}",
      })
  void batch_badDocument_isRefusedAsAWhole(String body) {
    TestReply reply = door.send("POST", "/v1/batch", body);

    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.text()).contains("\"code\":\"argument-invalid\"", "\"detail\":\"batch: ");
    assertThat(door.get("a")).isNull();
  }

  @Test
  void batch_atTheLimit_isDone() {
    String[] operations =
        IntStream.range(0, 1000)
            .mapToObj(i -> "{\"set\":{\"key\":\"k" + i + "\",\"value\":\"v\"}}")
            .toArray(String[]::new);

    assertThat(batch(operations).text())
        .isEqualTo(
            "{\"results\":["
                + IntStream.range(0, 1000)
                    .mapToObj(i -> "{\"success\":true,\"is_new\":true}")
                    .collect(Collectors.joining(","))
                + "]}");
  }

  @Test
  void batch_beyondTheLimit_is400() {
    String[] operations =
        IntStream.range(0, 1001)
            .mapToObj(i -> "{\"set\":{\"key\":\"k" + i + "\",\"value\":\"v\"}}")
            .toArray(String[]::new);

    assertThat(batch(operations).status()).isEqualTo(400);
    assertThat(door.get("k0")).isNull();
  }

  @Test
  void batch_bodyBeyondTheLimit_is413() {
    TestReply reply = door.send("POST", "/v1/batch", new byte[(4 << 20) + 1]);

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.text()).contains("value-too-large");
  }

  @Test
  void batch_largeResults_areStreamed() {
    door.set("a", "x".repeat(1_000_000));
    String[] operations =
        IntStream.range(0, 100).mapToObj(i -> "{\"get\":{\"key\":\"a\"}}").toArray(String[]::new);

    TestReply reply = batch(operations);

    assertThat(reply.field("transfer-encoding")).isEqualTo("chunked");
    assertThat(GetStoreListingTest.texts(reply.body()))
        .hasSize(100)
        .allMatch(value -> value.length() == 1_000_000);
  }
}
