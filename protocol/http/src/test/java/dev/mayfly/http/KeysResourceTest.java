package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysResourceTest {
  private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([0-9]+)\"");

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
  void list_nothing_isEmpty() {
    assertThat(door.ask("GET", "/v1/keys").line()).isEqualTo("200 {\"keys\":[]}");
    assertThat(door.ask("HEAD", "/v1/keys").status()).isEqualTo(200);
  }

  @Test
  void list_manyKeys_isWhole() {
    List<String> keys = IntStream.range(0, 20_000).mapToObj(i -> "key-" + i).toList();
    keys.forEach(key -> door.set(key, "v"));

    TestReply reply = door.ask("GET", "/v1/keys");

    assertThat(GetStoreListingTest.texts(reply.body())).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(reply.text()).doesNotContain("cursor").doesNotContain("omitted");
  }

  @Test
  void list_prefixAndPattern_select() {
    for (String key : new String[] {"user:1", "user:22", "use", "other:1"}) {
      door.set(key, "v");
    }

    assertThat(listed("prefix=user%3A")).containsExactlyInAnyOrder("user:1", "user:22");
    assertThat(listed("pattern=1$")).containsExactlyInAnyOrder("user:1", "other:1");
    assertThat(listed("prefix=user&pattern=%5E.*22")).containsExactly("user:22");
    assertThat(listed("prefix=&pattern=")).hasSize(4);
  }

  private List<String> listed(String query) {
    return GetStoreListingTest.texts(door.ask("GET", "/v1/keys?" + query).body());
  }

  @ParameterizedTest
  @CsvSource({"1", "7", "100", "999", "5000"})
  void list_pages_giveEachKeyOnce(int limit) {
    List<String> keys = IntStream.range(0, 1000).mapToObj(i -> "key-" + i).toList();
    keys.forEach(key -> door.set(key, "v"));
    List<String> found = new ArrayList<>();
    String cursor = "";

    try (TestClient client = door.client()) {
      do {
        String query = "?limit=" + limit + "&cursor=" + cursor;
        TestReply reply = client.ask("GET", "/v1/keys" + query);
        Matcher matcher = CURSOR.matcher(reply.text());
        List<String> page = GetStoreListingTest.texts(reply.body());
        boolean more = matcher.find();
        cursor = more ? matcher.group(1) : "";
        found.addAll(more ? page.subList(0, page.size() - 1) : page);
        assertThat(page.size() - (more ? 1 : 0)).isLessThanOrEqualTo(limit);
      } while (!cursor.isEmpty());
    }

    assertThat(found).containsExactlyInAnyOrderElementsOf(keys);
  }

  @Test
  void list_keysThatAreNoText_areLeftOutAndCounted() {
    door.set(new byte[] {(byte) 0xff}, new byte[0]);
    door.set("a", "v");

    assertThat(door.ask("GET", "/v1/keys").line())
        .isEqualTo("200 {\"keys\":[\"a\"],\"omitted\":1}");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=-1, argument-invalid",
    "limit=x, argument-invalid",
    "cursor=x, argument-invalid",
    "cursor=-1, argument-invalid",
    "pattern=(, pattern-invalid",
    "pattern=a**, pattern-invalid",
  })
  void list_bad_is400(String query, String code) {
    TestReply reply = door.ask("GET", "/v1/keys?" + query);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("\"code\":\"" + code + "\"");
    if (!query.startsWith("limit") && !query.startsWith("cursor")) {
      assertThat(door.ask("GET", "/v1/count?" + query).status()).isEqualTo(400);
    }
  }

  @Test
  void list_overlongPattern_is400() {
    assertThat(door.ask("GET", "/v1/keys?pattern=" + "a".repeat(1025)).status()).isEqualTo(400);
    assertThat(door.ask("GET", "/v1/keys?pattern=" + "a".repeat(1024)).status()).isEqualTo(200);
  }

  @Test
  void count_countsAllOrSome() {
    IntStream.range(0, 1000).forEach(i -> door.set("a:" + i, "v"));
    IntStream.range(0, 10).forEach(i -> door.set("b:" + i, "v"));

    assertThat(door.ask("GET", "/v1/count").line()).isEqualTo("200 {\"count\":1010}");
    assertThat(door.ask("GET", "/v1/count?prefix=a:").line()).isEqualTo("200 {\"count\":1000}");
    assertThat(door.ask("GET", "/v1/count?pattern=9").line())
        .isEqualTo("200 {\"count\":" + countOfNines() + "}");
    assertThat(door.ask("HEAD", "/v1/count?prefix=a").field("content-length")).isEqualTo("14");
  }

  private static long countOfNines() {
    return IntStream.range(0, 1000).filter(i -> Integer.toString(i).contains("9")).count() + 1;
  }

  @Test
  void delete_prefix_removesThoseAlone() {
    IntStream.range(0, 1000).forEach(i -> door.set("a:" + i, "v"));
    door.set("b", "v");
    door.setLocked("a:held", "v", "somebody");

    assertThat(door.ask("DELETE", "/v1/keys?prefix=a:").line())
        .isEqualTo("200 {\"success\":true,\"keys_deleted\":1000}");
    assertThat(listed("")).containsExactlyInAnyOrder("a:held", "b");
    assertThat(door.ask("DELETE", "/v1/keys?prefix=a:&force=true").line())
        .isEqualTo("200 {\"success\":true,\"keys_deleted\":1}");
  }

  @Test
  void delete_withoutPrefix_is400() {
    door.set("a", "v");

    assertThat(door.ask("DELETE", "/v1/keys").status()).isEqualTo(400);
    assertThat(door.ask("DELETE", "/v1/keys?prefix=").status()).isEqualTo(400);
    assertThat(Objects.requireNonNull(door.get("a"))).isEqualTo("v");
  }

  @Test
  void clear_leavesLockedKeysUnlessForced() {
    door.set("a", "v");
    door.setLocked("held", "v", "somebody");

    assertThat(door.ask("POST", "/v1/clear").line())
        .isEqualTo("200 {\"success\":true,\"keys_deleted\":1}");
    assertThat(door.get("held")).isEqualTo("v");
    assertThat(door.ask("POST", "/v1/clear?force=true").line())
        .isEqualTo("200 {\"success\":true,\"keys_deleted\":1}");
    assertThat(door.ask("POST", "/v1/clear?force=maybe").status()).isEqualTo(400);
  }

  @Test
  void clear_readOnly_is503() {
    door.keyspace.readOnly(true);

    assertThat(door.ask("POST", "/v1/clear").status()).isEqualTo(503);
    assertThat(door.ask("DELETE", "/v1/keys?prefix=a").status()).isEqualTo(503);
  }
}
