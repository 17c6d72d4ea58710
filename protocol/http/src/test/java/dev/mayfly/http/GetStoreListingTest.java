package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

class GetStoreListingTest {
  private TestDoor door;

  @BeforeEach
  void open() {
    door = TestDoor.open();
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void listings_nothing_areEmptyArrays() {
    assertThat(door.ask("GET", "/getKeys").line()).isEqualTo("200 []");
    assertThat(door.ask("GET", "/getValues").line()).isEqualTo("200 []");
    assertThat(door.ask("GET", "/getAll").line()).isEqualTo("200 []");
    assertThat(door.ask("GET", "/getAll").field("content-type")).isEqualTo("text/json");
  }

  @Test
  void listings_oneKey_haveTheirForms() {
    door.set("a\"✓", "𤭢");

    assertThat(door.ask("GET", "/getKeys").line()).isEqualTo("200 [\"a\\\"✓\"]");
    assertThat(door.ask("GET", "/getValues").line()).isEqualTo("200 [\"𤭢\"]");
    assertThat(door.ask("GET", "/getAll").line())
        .isEqualTo("200 [{\"k\":\"a\\\"✓\",\"v\":\"𤭢\"}]");
  }

  @Test
  void listings_manyKeys_areWhole() {
    List<String> keys = IntStream.range(0, 20_000).mapToObj(i -> "key-" + i).toList();
    keys.forEach(key -> door.set(key, "value of " + key));

    TestReply reply = door.ask("GET", "/getKeys");

    assertThat(reply.field("transfer-encoding")).isEqualTo("chunked");
    assertThat(texts(reply.body())).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(texts(door.ask("GET", "/getValues").body()))
        .containsExactlyInAnyOrderElementsOf(keys.stream().map(key -> "value of " + key).toList());
    assertThat(texts(door.ask("GET", "/getAll").body())).hasSize(40_000);
  }

  @Test
  void getKeys_keysThatAreNoText_areLeftOutAndCounted() {
    door.set(new byte[] {(byte) 0xc0}, new byte[] {'1'});
    door.set(new byte[] {(byte) 0xff, 'a'}, new byte[] {'2'});
    door.set("text", "3");

    TestReply reply = door.ask("GET", "/getKeys");

    assertThat(reply.line()).isEqualTo("200 [\"text\"]");
    assertThat(reply.field("mayfly-omitted")).isEqualTo("2");
    assertThat(texts(door.ask("GET", "/getValues").body()))
        .containsExactlyInAnyOrder("1", "2", "3");
    assertThat(door.ask("GET", "/getAll").field("mayfly-omitted")).isEqualTo("2");
  }

  @Test
  void getKeys_longListing_countsOmittedInTheTrailer() {
    door.set(new byte[] {(byte) 0xff}, new byte[0]);
    IntStream.range(0, 10_000).forEach(i -> door.set("key-" + i, ""));

    TestReply reply = door.ask("GET", "/getKeys");

    assertThat(reply.field("transfer-encoding")).isEqualTo("chunked");
    assertThat(reply.field("mayfly-omitted")).isEqualTo("1");
  }

  @Test
  void getValues_valueThatIsNoText_hasReplacements() {
    door.set("a".getBytes(StandardCharsets.UTF_8), new byte[] {'x', (byte) 0xff, 'y'});

    assertThat(door.ask("GET", "/getValues").line()).isEqualTo("200 [\"x\ufffdy\"]");
  }

  @Test
  void getValues_lockedByAnother_isLeftOutAndCounted() {
    door.setLocked("a", "secret", "somebody");
    door.set("b", "open");

    TestReply reply = door.ask("GET", "/getValues");

    assertThat(reply.line()).isEqualTo("200 [\"open\"]");
    assertThat(reply.field("mayfly-omitted")).isEqualTo("1");
    assertThat(texts(door.ask("GET", "/getKeys").body())).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void listing_otherRequests_areAnsweredMeanwhile() {
    IntStream.range(0, 50_000).forEach(i -> door.set("key-" + i, "v"));
    try (TestClient slow = door.client()) {
      slow.write(TestClient.head("GET", "/getAll") + "\r\n");

      assertThat(door.ask("GET", "/get?k=key-1").line()).isEqualTo("200 \"v\"");

      assertThat(texts(slow.read("GET").body())).hasSize(100_000);
    }
  }

  @Test
  void head_hasNoBody() {
    door.set("a", "1");
    try (TestClient client = door.client()) {
      assertThat(client.ask("HEAD", "/getKeys").status()).isEqualTo(200);
      assertThat(client.ask("GET", "/getKeys").line()).isEqualTo("200 [\"a\"]");
    }
  }

  /** Every text in the document that is not a name. */
  static List<String> texts(byte[] json) {
    List<String> texts = new ArrayList<>();
    try (JsonParser in = Json.parser(json)) {
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          texts.add(Objects.requireNonNull(in.getString()));
        }
      }
    }
    return texts;
  }
}
