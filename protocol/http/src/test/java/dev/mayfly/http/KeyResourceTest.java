package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Condition;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.SetRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyResourceTest {
  private static final String CREATED = "201 {\"success\":true,\"is_new\":true}";
  private static final String SUCCESS = "200 {\"success\":true}";

  private TestDoor door;

  @BeforeEach
  void open() {
    door = TestDoor.open();
  }

  @AfterEach
  void close() {
    door.close();
  }

  private TestReply put(String value, String... fields) {
    return door.send("PUT", "/v1/keys/a", value, fields);
  }

  private static void assertProblem(TestReply reply, int status, String code) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.field("content-type")).isEqualTo("application/problem+json");
    assertThat(reply.text())
        .contains("\"status\":" + status, "\"type\":\"urn:mayfly:problem:" + code + "\"");
  }

  @Test
  void put_newKey_is201() {
    TestReply reply = put("one");

    assertThat(reply.line()).isEqualTo(CREATED);
    assertThat(reply.field("etag")).isEqualTo("\"" + door.entry("a").revision() + "\"");
    assertThat(reply.field("content-type")).isEqualTo("application/json");
    assertThat(put("two").line()).isEqualTo(SUCCESS);
    assertThat(door.get("a")).isEqualTo("two");
  }

  @Test
  void put_equalValue_keepsTheRevision() {
    String tag = put("one").field("etag");

    assertThat(put("one").field("etag")).isEqualTo(tag);
  }

  @Test
  void put_chunkedBody_isTheValue() {
    try (TestClient client = door.client()) {
      client.write(
          TestClient.head("PUT", "/v1/keys/a", "Transfer-Encoding: chunked")
              + "\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");

      assertThat(client.read("PUT").status()).isEqualTo(201);
    }
    assertThat(door.get("a")).isEqualTo("abcde");
  }

  @Test
  void put_emptyBody_isAnEmptyValue() {
    assertThat(door.ask("PUT", "/v1/keys/a").status()).isEqualTo(201);

    TestReply reply = door.ask("GET", "/v1/keys/a");
    assertThat(reply.line()).isEqualTo("200 ");
    assertThat(reply.field("content-type")).isNull();
  }

  @Test
  void put_lifespanAndLock_areSet() {
    door.send("PUT", "/v1/keys/a?lifespan=1m30s&lock=5s", "v", "X-Client-Id: me");

    assertThat(door.entry("a").lifespanMillis()).isEqualTo(90_000);
    assertThat(door.lock("a").owner()).isEqualTo("me");
    assertThat(door.ask("GET", "/v1/keys/a", "X-Client-Id: me").field("mayfly-expires-in"))
        .isEqualTo("90000");
    door.time.advance(1000);
    assertThat(door.ask("HEAD", "/v1/keys/a", "X-Client-Id: me").field("mayfly-expires-in"))
        .isEqualTo("89000");
  }

  @Test
  void put_withoutLifespan_clearsIt() {
    door.send("PUT", "/v1/keys/a?lifespan=1m", "v");
    put("w");

    assertThat(door.entry("a").deadlineMillis()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "lifespan=, lifespan-invalid",
    "lifespan=0, lifespan-invalid",
    "lifespan=-1s, lifespan-invalid",
    "lifespan=10, lifespan-invalid",
    "lifespan=1us, lifespan-invalid",
    "lifespan=x, lifespan-invalid",
    "lock=, lock-duration-invalid",
    "lock=0, lock-duration-invalid",
    "lock=1ms, lock-duration-invalid",
    "lock=-5s, lock-duration-invalid",
    "lock=24h, lock-duration-too-long",
  })
  void put_badDuration_is400(String query, String code) {
    assertProblem(door.send("PUT", "/v1/keys/a?" + query, "v"), 400, code);
    assertThat(door.get("a")).isNull();
  }

  @Test
  void put_contentType_isKept() {
    put("{}", "Content-Type: application/vnd.thing+json");
    assertThat(door.ask("GET", "/v1/keys/a").field("content-type"))
        .isEqualTo("application/vnd.thing+json");

    put("<html>");
    assertThat(door.ask("GET", "/v1/keys/a").field("content-type"))
        .isEqualTo("text/html; charset=utf-8");
  }

  @Test
  void put_overlongContentType_is400() {
    assertProblem(put("v", "Content-Type: " + "x".repeat(256)), 400, "argument-invalid");
  }

  @Test
  void get_foreignContentType_cannotBreakTheHead() {
    door.keyspace.apply(
        new SetRequest(
            new byte[] {'a'},
            new byte[] {'v'},
            "text/x\r\nSet-Cookie: a=b",
            Condition.ALWAYS,
            Lifespan.UNSTATED,
            0,
            false,
            TestDoor.RULES),
        door.stamp("other"));

    TestReply reply = door.ask("GET", "/v1/keys/a");

    assertThat(reply.field("content-type")).isEqualTo("application/octet-stream");
    assertThat(reply.field("set-cookie")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"a%2Fb, a/b", "%00, '\0'", "..., ...", "%E2%9C%93, ✓", "a+b, a+b", "a%20b, a b"})
  void key_isOneSegmentPercentDecoded(String segment, String key) {
    assertThat(door.send("PUT", "/v1/keys/" + segment, "v").status()).isEqualTo(201);
    assertThat(door.get(key)).isEqualTo("v");
    assertThat(door.ask("GET", "/v1/keys/" + segment).line()).isEqualTo("200 v");
  }

  @Test
  void key_anyBytes_areAKey() {
    assertThat(door.send("PUT", "/v1/keys/%ff%FE", new byte[] {1, (byte) 0x80}).status())
        .isEqualTo(201);

    TestReply reply = door.ask("GET", "/v1/keys/%FF%fe");

    assertThat(reply.body()).containsExactly(1, 0x80);
    assertThat(reply.field("content-type")).isEqualTo("application/octet-stream");
  }

  @Test
  void key_bad_is400() {
    assertProblem(door.ask("GET", "/v1/keys/%zz"), 400, "argument-invalid");
    assertProblem(door.ask("GET", "/v1/keys/"), 400, "empty-key");
    assertProblem(door.send("PUT", "/v1/keys/keyquarry/metadata", "v"), 405, "method-not-allowed");
    assertProblem(door.send("PUT", "/v1/keys/Keyquarry", "v"), 400, "reserved-key");
    assertProblem(door.send("PUT", "/v1/keys/" + "k".repeat(1025), "v"), 400, "key-too-long");
  }

  @Test
  void get_tellsEverythingInItsHead() {
    put("one");
    door.time.advance(2000);
    put("two");

    TestReply reply = door.ask("GET", "/v1/keys/a");

    assertThat(reply.line()).isEqualTo("200 two");
    assertThat(reply.field("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(reply.field("etag")).isEqualTo("\"" + door.entry("a").revision() + "\"");
    assertThat(reply.field("mayfly-version")).isEqualTo("2");
    assertThat(reply.field("mayfly-expires-in")).isNull();
    assertThat(reply.field("last-modified")).isEqualTo("Fri, 15 Jan 2027 08:00:02 GMT");
    assertThat(reply.field("x-content-type-options")).isEqualTo("nosniff");
    assertThat(reply.field("content-security-policy")).isEqualTo("sandbox");
    TestReply head = door.ask("HEAD", "/v1/keys/a");
    assertThat(head.field("content-length")).isEqualTo("3");
    assertThat(head.field("etag")).isEqualTo(reply.field("etag"));
  }

  @Test
  void get_missing_is404WithTheKey() {
    TestReply reply = door.ask("GET", "/v1/keys/no%22ne");

    assertProblem(reply, 404, "not-found");
    assertThat(reply.text())
        .isEqualTo(
            "{\"type\":\"urn:mayfly:problem:not-found\",\"title\":\"no such key\",\"status\":404,"
                + "\"detail\":\"no such key\",\"code\":\"not-found\",\"key\":\"no\\\"ne\"}");
  }

  @Test
  void get_expired_is404() {
    door.send("PUT", "/v1/keys/a?lifespan=1s", "v");
    door.time.advance(1000);

    assertThat(door.ask("GET", "/v1/keys/a").status()).isEqualTo(404);
  }

  @Test
  void get_knownTag_is304() {
    String tag = put("v").field("etag");

    for (String known : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
      TestReply reply = door.ask("GET", "/v1/keys/a", "If-None-Match: " + known);
      assertThat(reply.status()).as(known).isEqualTo(304);
      assertThat(reply.field("etag")).isEqualTo(tag);
    }
    assertThat(door.ask("GET", "/v1/keys/a", "If-None-Match: \"1\", x").status()).isEqualTo(200);
  }

  @Test
  void get_version_isFromHistory() {
    String first = put("one").field("etag");
    put("two");
    put("three");

    TestReply reply = door.ask("GET", "/v1/keys/a?version=1");
    assertThat(reply.line()).isEqualTo("200 one");
    assertThat(reply.field("etag")).isEqualTo(first);
    assertThat(reply.field("mayfly-version")).isEqualTo("1");
    assertThat(door.ask("GET", "/v1/keys/a?version=-1").line()).isEqualTo("200 two");
    assertThat(door.ask("GET", "/v1/keys/a?version=3").line()).isEqualTo("200 three");
    assertProblem(door.ask("GET", "/v1/keys/a?version=9"), 404, "version-not-found");
    assertProblem(door.ask("GET", "/v1/keys/a?version=0"), 400, "version-invalid");
    assertProblem(door.ask("GET", "/v1/keys/a?version=x"), 400, "argument-invalid");
    assertThat(door.ask("GET", "/v1/keys/none?version=1").status()).isEqualTo(404);
  }

  @Test
  void ifMatch_setsOnlyThatRevision() {
    String first = put("one").field("etag");
    put("two");

    assertProblem(put("three", "If-Match: " + first), 412, "precondition-failed");
    assertProblem(put("three", "If-Match: W/" + first), 412, "precondition-failed");
    assertProblem(put("three", "If-Match: nonsense"), 412, "precondition-failed");
    assertThat(door.get("a")).isEqualTo("two");
    String second = door.ask("GET", "/v1/keys/a").field("etag");
    assertThat(put("three", "If-Match: " + second).line()).isEqualTo(SUCCESS);
    assertThat(put("four", "If-Match: *").line()).isEqualTo(SUCCESS);
    assertThat(door.send("PUT", "/v1/keys/b", "1", "If-Match: *").status()).isEqualTo(412);
  }

  @Test
  void ifNoneMatch_setsOnlyWhatIsMissing() {
    assertThat(put("one", "If-None-Match: *").line()).isEqualTo(CREATED);
    assertProblem(put("two", "If-None-Match: *"), 412, "precondition-failed");
    assertThat(door.get("a")).isEqualTo("one");
  }

  @Test
  void conditions_thatAreNone_are400() {
    assertProblem(put("v", "If-Match: *", "If-None-Match: *"), 400, "argument-invalid");
    assertProblem(put("v", "If-None-Match: \"1\""), 400, "argument-invalid");
    assertProblem(put("v", "If-Match: \"1\", \"2\""), 400, "argument-invalid");
  }

  @Test
  void delete_removes() {
    String tag = put("v").field("etag");

    assertThat(door.ask("DELETE", "/v1/keys/a", "If-Match: \"1\"").status()).isEqualTo(412);
    assertThat(door.ask("DELETE", "/v1/keys/a", "If-Match: " + tag).line())
        .isEqualTo("200 {\"deleted\":true}");
    assertProblem(door.ask("DELETE", "/v1/keys/a"), 404, "not-found");
  }

  @Test
  void lockedByAnother_is423() {
    door.setLocked("a", "v", "somebody");

    assertProblem(door.ask("GET", "/v1/keys/a"), 423, "locked");
    assertThat(door.ask("HEAD", "/v1/keys/a").status()).isEqualTo(423);
    assertProblem(put("w"), 423, "locked");
    assertProblem(door.ask("DELETE", "/v1/keys/a"), 423, "locked");
    assertProblem(door.ask("GET", "/v1/keys/a?version=1"), 423, "locked");
    assertThat(door.ask("GET", "/v1/keys/a", "X-Client-Id: somebody").line()).isEqualTo("200 v");
  }

  @Test
  void readOnly_is503() {
    door.keyspace.readOnly(true);

    assertProblem(put("v"), 503, "read-only");
  }

  @Test
  void put_valueAtTheLimit_isTaken() {
    assertThat(put("x".repeat(1_000_000)).status()).isEqualTo(201);
    assertThat(door.ask("GET", "/v1/keys/a").body()).hasSize(1_000_000);
    assertProblem(put("x".repeat(1_000_001)), 413, "value-too-large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"keyquarry", "\u00e9", ""})
  void clientId_bad_is400(String client) {
    assertProblem(door.ask("GET", "/v1/keys/a", "X-Client-Id: " + client), 400, "argument-invalid");
  }

  @Test
  void clientId_overlong_is400() {
    assertThat(door.ask("GET", "/v1/stats", "X-Client-Id: " + "x".repeat(256)).status())
        .isEqualTo(200);
    assertThat(door.ask("GET", "/v1/stats", "X-Client-Id: " + "x".repeat(257)).status())
        .isEqualTo(400);
  }

  @Test
  void metadata_tellsWhatIsKnown() {
    door.send("PUT", "/v1/keys/a?lifespan=30m", "bar");
    door.time.advance(1500);

    assertThat(door.ask("GET", "/v1/keys/a/metadata").line())
        .isEqualTo(
            "200 {\"key\":\"a\",\"hash\":16101355973854746,\"created\":\"2027-01-15T08:00:00Z\","
                + "\"version\":1,\"size\":3,\"revision\":"
                + door.entry("a").revision()
                + ",\"locked\":false,\"lifespan\":\"1800s\","
                + "\"lifespan_set\":\"2027-01-15T08:00:00Z\",\"expires_in\":\"1798.500s\","
                + "\"content_type\":\"text/plain; charset=utf-8\"}");
  }

  @Test
  void metadata_valueAndMetrics_whenAskedFor() {
    put("one");
    door.time.advance(1000);
    put("two");
    door.ask("GET", "/v1/keys/a");

    String text = door.ask("GET", "/v1/keys/a/metadata?value=true&metrics=true").text();

    assertThat(text)
        .contains(
            "\"updated\":\"2027-01-15T08:00:01Z\"",
            "\"value\":\"dHdv\"",
            "\"metrics\":{\"access_count\":",
            "\"set_count\":2",
            "\"lock_count\":0}");
  }

  @Test
  void metadata_locked_hidesTheValueOnly() {
    door.setLocked("a", "v", "somebody");

    TestReply reply = door.ask("GET", "/v1/keys/a/metadata");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text())
        .contains("\"locked\":true,\"lock_deadline\":\"2027-01-15T08:01:00Z\"")
        .doesNotContain("somebody");
    assertProblem(door.ask("GET", "/v1/keys/a/metadata?value=true"), 423, "locked");
  }

  @Test
  void metadata_bad_isRefused() {
    assertProblem(door.ask("GET", "/v1/keys/a/metadata"), 404, "not-found");
    put("v");
    assertProblem(door.ask("GET", "/v1/keys/a/metadata?value=yes"), 400, "argument-invalid");
    assertThat(door.ask("HEAD", "/v1/keys/a/metadata").status()).isEqualTo(200);
  }

  @Test
  void metadata_keyThatIsNoText_isBase64() {
    door.set(new byte[] {(byte) 0xff}, "v".getBytes(StandardCharsets.UTF_8));

    assertThat(door.ask("GET", "/v1/keys/%FF/metadata").text()).contains("\"key_base64\":\"/w==\"");
  }

  @Test
  void unknownRoute_isAProblemWithoutCode() {
    for (String path : new String[] {"/v1", "/v1/", "/v1/x", "/v1/keys/a/x", "/v1/keys/a/pop/"}) {
      TestReply reply = door.ask("GET", path);
      assertProblem(reply, 404, "no-such-route");
      assertThat(reply.text()).doesNotContain("\"code\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/keys/a, 'GET, HEAD, PUT, DELETE'",
    "TRACE, /v1/keys/a, 'GET, HEAD, PUT, DELETE'",
    "GET, /v1/keys/a/pop, POST",
    "ET, /v1/stats, 'GET, HEAD'",
    "PUT, /v1/batch, POST",
    "POST, /openapi.yaml, 'GET, HEAD'",
  })
  void methodNotAllowed_is405(String method, String path, String allow) {
    TestReply reply = door.ask(method, path);

    assertProblem(reply, 405, "method-not-allowed");
    assertThat(reply.field("allow")).isEqualTo(allow);
  }
}
