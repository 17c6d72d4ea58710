package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.engine.EngineConfig;
import dev.mayfly.store.KeyFilter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCacheTest {
  private static final String JSON = "Content-Type: application/json";
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
  private static final String BAD_KEY = "405 {\"message\":\"key cannot be nil/null/empty\"}";
  private static final String INCOMPLETE = "400 {\"message\":\"key and data are required\"}";
  private static final String NO_OBJECT = "400 {\"message\":\"data must be a JSON object\"}";

  private TestDoor door;

  @BeforeEach
  void open() {
    door = TestDoor.open();
  }

  @AfterEach
  void close() {
    door.close();
  }

  private TestReply post(String body) {
    return door.send("POST", "/api", body, JSON);
  }

  private static String found(String key, String data) {
    return "200 {\"key\":\"%s\",\"node\":\"node-1\",\"data\":%s}".formatted(key, data);
  }

  @Test
  void root_isAnEmptyObject() {
    assertThat(door.ask("GET", "/").line()).isEqualTo("200 {}");
    assertThat(door.ask("GET", "/", "Accept: */*").line()).isEqualTo("200 {}");
    assertThat(door.ask("GET", "/", "Accept: image/png").line()).isEqualTo("200 {}");
    assertThat(door.ask("HEAD", "/").status()).isEqualTo(200);
  }

  @Test
  void root_forABrowser_isAPage() {
    TestReply reply = door.ask("GET", "/", "Accept: text/html,application/xhtml+xml;q=0.9");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.field("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(reply.text()).contains("mayfly", "1.2.3", "node-1", "ready", "0 keys");
  }

  @Test
  void post_thenGet_givesTheData() {
    TestReply post = post("{\"key\":\"a\",\"data\":{\"color\":\"blue\"}}");

    assertThat(post.line()).isEqualTo("200 {\"data\":{\"color\":\"blue\"}}");
    assertThat(post.field("content-type")).isEqualTo("application/json; charset=utf-8");
    assertThat(door.ask("GET", "/api?key=a").line()).isEqualTo(found("a", "{\"color\":\"blue\"}"));
    assertThat(door.ask("GET", "/api/?key=a").status()).isEqualTo(200);
    assertThat(door.ask("HEAD", "/api?key=a").status()).isEqualTo(200);
  }

  @Test
  void get_missingKey_is200WithNull() {
    assertThat(door.ask("GET", "/api?key=no%22ne").line()).isEqualTo(found("no\\\"ne", "null"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"key=", "key=null", "key"})
  void get_badKey_is405(String query) {
    assertThat(door.ask("GET", "/api?" + query).line()).isEqualTo(BAD_KEY);
    assertThat(door.ask("DELETE", "/api?" + query).line()).isEqualTo(BAD_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "?k=a", "?key%5B%5D=a"})
  void get_noKey_is400(String query) {
    assertThat(door.ask("GET", "/api" + query).line()).isEqualTo(INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"key\":\"a\"}",
        "{\"data\":{}}",
        "{\"key\":null}",
        "{\"Key\":\"a\",\"data\":{}}"
      })
  void post_incomplete_is400(String body) {
    assertThat(post(body).line()).isEqualTo(INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\"null\""})
  void post_badKey_is405(String key) {
    assertThat(post("{\"key\":" + key + ",\"data\":{}}").line()).isEqualTo(BAD_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "\"x\"", "true", "[]", "[{}]"})
  void post_dataThatIsNoObject_is400(String data) {
    assertThat(post("{\"key\":\"a\",\"data\":" + data + "}").line()).isEqualTo(NO_OBJECT);
    assertThat(door.get("a")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "[]", "{}", "1e400", "1e-400", "1e99999999999"})
  void post_keyOfAnotherKind_is400(String key) {
    TestReply reply = post("{\"key\":" + key + ",\"data\":{}}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).startsWith("{\"message\":\"key must be");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-5, -5",
    "0, 0",
    "-0, 0",
    "1.50, 1.5",
    "100, 100",
    "1e2, 100",
    "1.0, 1",
    "12345678901234567890, 12345678901234567890",
    "0.001, 0.001",
  })
  void post_numberAsKey_isItsDecimalString(String number, String key) {
    assertThat(post("{\"data\":{\"n\":1},\"key\":" + number + "}").status()).isEqualTo(200);
    assertThat(door.get(key)).isEqualTo("{\"n\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"12abc", "550e8400-e29b", " 5", "aa", "24929"})
  void post_stringKeys_neverCollide(String key) {
    assertThat(post("{\"key\":\"" + key + "\",\"data\":{}}").status()).isEqualTo(200);
    assertThat(door.get(key)).isEqualTo("{}");
    assertThat(door.keyspace.count(KeyFilter.ALL, door.stamp("http"))).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "1",
        "{\"key\":\"a\",\"data\":{}} x",
        "{\"key\":\"a\",\"data\":{}}{}",
        "{'key':1}",
        "{\"key\":\"a\",\"data\":{\"a\":01}}",
        "\u0000",
        "{\"key\":\"a\",\"data\":{"
      })
  void post_badJson_is400(String body) {
    TestReply reply = post(body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).startsWith("{\"message\":\"body");
    assertThat(door.get("a")).isNull();
  }

  @Test
  void post_deepNesting_is400() {
    String body = "{\"key\":\"a\",\"data\":{\"x\":" + "[".repeat(100_000) + "}}";

    assertThat(post(body).status()).isEqualTo(400);
  }

  @Test
  void post_invalidUtf8_is400() {
    byte[] body = "{\"key\":\"a\",\"data\":{\"x\":\"?\"}}".getBytes(StandardCharsets.UTF_8);
    body[body.length - 4] = (byte) 0xff;

    assertThat(door.send("POST", "/api", body, JSON).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"key\":\"\\ud834\",\"data\":{}}",
        "{\"key\":\"a\",\"data\":{\"x\":\"\\ud834\"}}",
        "{\"key\":\"a\",\"data\":{\"\\udd1ex\":1}}",
      })
  void post_halfOfASurrogatePair_is400(String body) {
    assertThat(post(body).status()).isEqualTo(400);
    assertThat(post("{\"key\":\"?\",\"data\":{\"x\":\"\\ud834\\udd1e\"}}").status()).isEqualTo(200);
    assertThat(door.get("?")).isEqualTo("{\"x\":\"𝄞\"}");
    assertThat(door.get("a")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"GET, /api?key=%ff", "DELETE, /api?key=%ff", "POST, /api?key=%ff&data[x]=1"})
  void key_thatIsNoText_is400(String method, String target) {
    TestReply reply =
        door.send(method, target, new byte[0], "Content-Type: application/x-www-form-urlencoded");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("expected UTF-8 text");
  }

  @Test
  void post_data_isKeptWithoutSpaceDigitByDigit() {
    post("{ \"key\" : \"a\" , \"data\" : { \"b\" : [ 1.10 , 1E5, true, null , \"\\u2713\" ] } }");

    assertThat(door.get("a")).isEqualTo("{\"b\":[1.10,1E5,true,null,\"✓\"]}");
  }

  @Test
  void post_equalData_changesNothing() {
    post("{\"key\":\"a\",\"data\":{\"x\":1,\"y\":2}}");
    long revision = door.entry("a").revision();

    post("{\"key\":\"a\",\"data\":{ \"x\" : 1, \"y\":2}}");
    assertThat(door.entry("a").revision()).isEqualTo(revision);

    post("{\"key\":\"a\",\"data\":{\"x\":1,\"y\":3}}");
    assertThat(door.entry("a").revision()).isGreaterThan(revision);
  }

  @Test
  void post_ttl_isALifespan() {
    assertThat(post("{\"key\":\"a\",\"data\":{},\"ttl\":1.5}").status()).isEqualTo(200);
    assertThat(door.entry("a").lifespanMillis()).isEqualTo(1500);

    door.time.advance(1500);

    assertThat(door.ask("GET", "/api?key=a").line()).isEqualTo(found("a", "null"));
  }

  @Test
  void post_withoutTtl_clearsTheLifespan() {
    post("{\"key\":\"a\",\"data\":{},\"ttl\":10}");
    post("{\"key\":\"a\",\"data\":{}}");

    assertThat(door.entry("a").deadlineMillis()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "0.5", "1e30", "\"10\"", "true", "1e999999999"})
  void post_badTtl_is400(String ttl) {
    TestReply reply = post("{\"key\":\"a\",\"data\":{},\"ttl\":" + ttl + "}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).startsWith("{\"message\":\"ttl");
  }

  @Test
  void post_form_makesObjectsOfBrackets() {
    String form = "key=1&data[color]=blue&data[a][b]=%E2%9C%93+x&data[l][]=1&data[l][]=2";

    assertThat(door.send("POST", "/api", form, FORM).status()).isEqualTo(200);

    assertThat(door.get("1"))
        .isEqualTo("{\"color\":\"blue\",\"a\":{\"b\":\"✓ x\"},\"l\":[\"1\",\"2\"]}");
  }

  @Test
  void post_formWithKeyInTheQuery_isWhole() {
    assertThat(door.send("POST", "/api?key=q", "data[x]=1&ttl=60", FORM).status()).isEqualTo(200);
    assertThat(door.get("q")).isEqualTo("{\"x\":\"1\"}");
    assertThat(door.entry("q").lifespanMillis()).isEqualTo(60_000);
  }

  @ParameterizedTest
  @CsvSource({
    "key=a, 400",
    "data[x]=1, 400",
    "key=a&data=text, 400",
    "key=&data[x]=1, 405",
    "key[x]=1&data[x]=1, 400",
    "'', 400"
  })
  void post_badForm_isRefused(String form, int status) {
    assertThat(door.send("POST", "/api", form, FORM).status()).isEqualTo(status);
  }

  @Test
  void post_otherType_is400() {
    assertThat(door.send("POST", "/api", "{}", "Content-Type: text/plain").line())
        .isEqualTo(INCOMPLETE);
  }

  @Test
  void post_noType_isJson() {
    assertThat(door.send("POST", "/api", "{\"key\":\"a\",\"data\":{}}").status()).isEqualTo(200);
    assertThat(
            door.send(
                    "POST",
                    "/api",
                    "{\"key\":\"b\",\"data\":{}}",
                    "Content-Type: Application/JSON; charset=utf-8",
                    "Accept: text/plain")
                .status())
        .isEqualTo(200);
  }

  @Test
  void get_valueThatIsNoObject_is409() {
    for (String value : new String[] {"text", "1", "[]", "{", "{} x", ""}) {
      door.set("a", value);

      assertThat(door.ask("GET", "/api?key=a").line())
          .isEqualTo("409 {\"message\":\"value is not a JSON object\"}");
    }
  }

  @Test
  void get_objectOfAnotherDoor_isAsItIs() {
    door.set("a", "{ \"x\" : 1 }");

    assertThat(door.ask("GET", "/api?key=a").line()).isEqualTo(found("a", "{ \"x\" : 1 }"));
  }

  @Test
  void delete_removes() {
    post("{\"key\":\"a\",\"data\":{}}");

    assertThat(door.ask("DELETE", "/api?key=a").line()).isEqualTo("200 {\"deleted\":true}");
    assertThat(door.ask("DELETE", "/api?key=a").line()).isEqualTo("200 {\"deleted\":false}");
  }

  @Test
  void otherMethods_areUnknown() {
    assertThat(door.ask("PUT", "/api?key=a").line())
        .isEqualTo("404 {\"error\":\"No register handler for [/api]\"}");
    assertThat(door.ask("PATCH", "/api/").status()).isEqualTo(404);
  }

  @Test
  void lockedByAnother_is423() {
    door.setLocked("a", "{}", "somebody");

    assertThat(door.ask("GET", "/api?key=a").status()).isEqualTo(423);
    assertThat(door.ask("DELETE", "/api?key=a").status()).isEqualTo(423);
    assertThat(post("{\"key\":\"a\",\"data\":{\"x\":1}}").line())
        .isEqualTo("423 {\"message\":\"the key is locked by another client\"}");
  }

  @Test
  void refusals_areMessages() {
    assertThat(post("{\"key\":\"keyquarry/x\",\"data\":{}}").line())
        .isEqualTo("400 {\"message\":\"the key is reserved\"}");
    String longKey = "k".repeat(2000);
    assertThat(post("{\"key\":\"" + longKey + "\",\"data\":{}}").line())
        .isEqualTo("400 {\"message\":\"the key is too long\"}");
    String longValue = "x".repeat(1_000_001);
    assertThat(post("{\"key\":\"a\",\"data\":{\"x\":\"" + longValue + "\"}}").line())
        .isEqualTo("413 {\"message\":\"body too large\"}");
    door.keyspace.readOnly(true);
    assertThat(post("{\"key\":\"a\",\"data\":{}}").line())
        .isEqualTo("503 {\"message\":\"the store is read-only\"}");
  }

  @Test
  void storeFull_is507() {
    try (TestDoor small = TestDoor.open(config -> config, EngineConfig.forTests().withKeysMax(1))) {
      small.set("other", "1");

      assertThat(small.send("POST", "/api", "{\"key\":\"a\",\"data\":{}}", JSON).line())
          .isEqualTo("507 {\"message\":\"the store is full\"}");
      assertThat(small.ask("GET", "/set?k=a&v=1").line())
          .isEqualTo("507 {\"error\":\"MAXIMUM_KEYS_REACHED\"}");
      assertThat(small.send("PUT", "/v1/keys/a", "1").status()).isEqualTo(507);
    }
  }

  @Test
  void post_bodyOverTheLimit_is413() {
    byte[] body = new byte[(4 << 20) + 1];

    TestReply reply = door.send("POST", "/api", body, JSON);

    assertThat(reply.line()).isEqualTo("413 {\"message\":\"body too large\"}");
  }

  @Test
  void requestId_isEchoedWhenSensible() {
    String id = "0123456789abcdefghij";

    assertThat(door.ask("GET", "/", "x-request-id: " + id).field("x-request-id")).isEqualTo(id);
    for (String bad : new String[] {"short", "x".repeat(201)}) {
      String made = door.ask("GET", "/api?key=a", "x-request-id: " + bad).field("x-request-id");
      assertThat(made).isNotEqualTo(bad).hasSize(32);
    }
    TestReply plain = door.ask("GET", "/api?key=a");
    assertThat(plain.field("x-request-id")).hasSize(32);
    assertThat(plain.field("cache-control")).isEqualTo("max-age=0, private, must-revalidate");
  }
}
