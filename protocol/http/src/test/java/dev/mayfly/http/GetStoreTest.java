package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GetStoreTest {
  private static final String SUCCESS = "200 {\"success\":true}";
  private static final String MISSING = "404 {\"error\":\"MISSING_RECORD\"}";

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
  void set_thenGet_givesTheValue() {
    TestReply set = door.ask("GET", "/set?k=a&v=ok");

    assertThat(set.line()).isEqualTo(SUCCESS);
    assertThat(set.field("content-type")).isEqualTo("text/json");
    assertThat(door.ask("GET", "/get?k=a").line()).isEqualTo("200 \"ok\"");
    assertThat(door.ask("GET", "/get?k=a").field("content-type")).isEqualTo("text/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "STRANGE"})
  void set_anyMethod_works(String method) {
    assertThat(door.ask(method, "/set?k=a&v=b").line()).isEqualTo(SUCCESS);
    assertThat(door.get("a")).isEqualTo("b");
  }

  @Test
  void set_emptyValue_isAValue() {
    assertThat(door.ask("GET", "/set?k=a&v=").line()).isEqualTo(SUCCESS);
    assertThat(door.ask("GET", "/get?k=a").line()).isEqualTo("200 \"\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"✓", "𤭢", "a b+c&d=e%", "\"\\\n\u0001", "constructor", "__proto__", "á"})
  void set_anyText_comesBack(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);

    assertThat(door.ask("GET", "/set?k=" + encoded + "&v=" + encoded).line()).isEqualTo(SUCCESS);

    assertThat(door.get(text)).isEqualTo(text);
    String json = Json.buffer(out -> out.writeString(text)).toString();
    assertThat(door.ask("GET", "/get?k=" + encoded).line()).isEqualTo("200 " + json);
  }

  @Test
  void set_bytesThatAreNoText_areReplaced() {
    assertThat(door.ask("GET", "/set?k=%ff&v=%fe").line()).isEqualTo(SUCCESS);

    assertThat(door.get("\ufffd")).isEqualTo("\ufffd");
    assertThat(door.ask("GET", "/get?k=%ff").line()).isEqualTo("200 \"\ufffd\"");
  }

  @Test
  void set_escapeThatIsNone_isLiteral() {
    assertThat(door.ask("GET", "/set?k=%zz&v=%4").line()).isEqualTo(SUCCESS);
    assertThat(door.get("%zz")).isEqualTo("%4");
  }

  @ParameterizedTest
  @CsvSource({
    "/set, MISSING_KEY_PARAM",
    "/set?v=1, MISSING_KEY_PARAM",
    "/set?k=, EMPTY_KEY",
    "/set?k&v=1, EMPTY_KEY",
    "/set?k=a, MISSING_VALUE_PARAM",
    "/set?k=keyquarry/a&v=1, RESERVED_KEY",
    "/set?k=KeyQuarry&v=1, RESERVED_KEY",
    "/get, MISSING_KEY_PARAM",
    "/get?kk=1, MISSING_KEY_PARAM",
    "/get?k=, EMPTY_KEY",
    "/is?k=, EMPTY_KEY",
    "/is, MISSING_KEY_PARAM",
    "/rm, MISSING_KEY_PARAM",
    "/rm?k=, EMPTY_KEY",
    "/rm?k=keyquarry, RESERVED_KEY",
  })
  void request_badParameter_is400(String target, String error) {
    TestReply reply = door.ask("GET", target);

    assertThat(reply.line()).isEqualTo("400 {\"error\":\"" + error + "\"}");
    assertThat(reply.field("content-type")).isEqualTo("text/json");
  }

  @Test
  void set_lengths_areInUtf16UnitsInclusive() {
    String key = "k".repeat(62) + "%F0%A4%AD%A2";
    String value = "%E2%9C%93".repeat(256);

    assertThat(door.ask("GET", "/set?k=" + key + "&v=" + value).line()).isEqualTo(SUCCESS);
    assertThat(door.ask("GET", "/set?k=x" + key + "&v=1").line())
        .isEqualTo("400 {\"error\":\"MAXIMUM_KEY_LENGTH_REACHED\"}");
    assertThat(door.ask("GET", "/get?k=x" + key).status()).isEqualTo(400);
    assertThat(door.ask("GET", "/set?k=a&v=x" + value).line())
        .isEqualTo("400 {\"error\":\"MAXIMUM_VALUE_LENGTH_REACHED\"}");
    assertThat(door.ask("GET", "/set?k=x" + key).line())
        .isEqualTo("400 {\"error\":\"MAXIMUM_KEY_LENGTH_REACHED\"}");
  }

  @Test
  void set_repeatedParameters_firstWins() {
    assertThat(door.ask("GET", "/set?k=a&k=b&v=1&v=2&noReplicate=true").line()).isEqualTo(SUCCESS);

    assertThat(door.get("a")).isEqualTo("1");
    assertThat(door.get("b")).isNull();
  }

  @Test
  void set_escapedParameterName_isTheSame() {
    assertThat(door.ask("GET", "/set?%6b=a&%76=1").line()).isEqualTo(SUCCESS);
    assertThat(door.get("a")).isEqualTo("1");
  }

  @Test
  void missingKey_is404() {
    assertThat(door.ask("GET", "/get?k=none").line()).isEqualTo(MISSING);
    assertThat(door.ask("GET", "/is?k=none").line()).isEqualTo(MISSING);
    assertThat(door.ask("GET", "/rm?k=none").line()).isEqualTo(MISSING);
    assertThat(door.ask("GET", "/is?k=constructor").line()).isEqualTo(MISSING);
  }

  @Test
  void rm_removes() {
    door.set("a", "1");

    assertThat(door.ask("GET", "/is?k=a").line()).isEqualTo(SUCCESS);
    assertThat(door.ask("GET", "/rm?k=a").line()).isEqualTo(SUCCESS);
    assertThat(door.ask("GET", "/is?k=a").line()).isEqualTo(MISSING);
  }

  @Test
  void lockedByAnother_is423() {
    door.setLocked("a", "1", "somebody");
    String locked = "423 {\"error\":\"LOCKED_RECORD\"}";

    assertThat(door.ask("GET", "/get?k=a").line()).isEqualTo(locked);
    assertThat(door.ask("GET", "/set?k=a&v=2").line()).isEqualTo(locked);
    assertThat(door.ask("GET", "/rm?k=a").line()).isEqualTo(locked);
    assertThat(door.ask("GET", "/is?k=a").line()).isEqualTo(SUCCESS);
  }

  @Test
  void clientIdField_isNotHeardHere() {
    door.setLocked("a", "1", "somebody");

    assertThat(door.ask("GET", "/get?k=a", "X-Client-Id: somebody").status()).isEqualTo(423);
  }

  @Test
  void get_valueThatIsNoText_is422() {
    door.set(new byte[] {'a'}, new byte[] {(byte) 0xff});

    assertThat(door.ask("GET", "/get?k=a").line()).isEqualTo("422 {\"error\":\"VALUE_NOT_TEXT\"}");
  }

  @Test
  void readOnly_is503() {
    door.keyspace.readOnly(true);

    assertThat(door.ask("GET", "/set?k=a&v=1").line()).isEqualTo("503 {\"error\":\"READ_ONLY\"}");
    assertThat(door.ask("GET", "/clear").line()).isEqualTo("503 {\"error\":\"READ_ONLY\"}");
  }

  @Test
  void clear_leavesLockedKeys() {
    for (int i = 0; i < 1000; i++) {
      door.set("k" + i, "v");
    }
    door.setLocked("held", "1", "somebody");

    assertThat(door.ask("GET", "/clear").line()).isEqualTo(SUCCESS);

    assertThat(door.ask("GET", "/getKeys").line()).isEqualTo("200 [\"held\"]");
  }

  @Test
  void status_tellsLimitsAndCount() {
    door.set("a", "1");

    assertThat(door.ask("GET", "/status").line())
        .isEqualTo(
            "200 {\"version\":\"1.2.3\",\"hostname\":\"host-1\",\"port\":8080,"
                + "\"maxKeyLength\":64,\"maxValueLength\":256,\"availableRecords\":1}");
  }

  @Test
  void ping_tellsThisNode() {
    assertThat(door.ask("GET", "/ping?nodes=a:1|b:2").line())
        .isEqualTo(
            "200 {\"nodes\":[{\"host\":\"host-1\",\"port\":8080,\"isDown\":false,"
                + "\"source\":\"init\"}]}");
  }

  @Test
  void healthcheck_tellsReadiness() {
    assertThat(door.ask("GET", "/healthcheck").line()).isEqualTo("200 {\"status\":\"ok\"}");

    door.ready = false;

    assertThat(door.ask("GET", "/healthcheck").status()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/x", "/get/", "/GET", "//", "/set%3Fk=a", "/\"quoted\"", "*", "/v2/keys"})
  void unknownPath_is404NamingIt(String path) {
    String json =
        Json.buffer(out -> out.writeString("No register handler for [" + path + "]")).toString();

    assertThat(door.ask("GET", path + "?q=1").line()).isEqualTo("404 {\"error\":" + json + "}");
  }

  @Test
  void absoluteTarget_isItsPath() {
    assertThat(door.ask("GET", "http://other:1/set?k=a&v=1").line()).isEqualTo(SUCCESS);
    assertThat(door.ask("GET", "http://other").line()).isEqualTo("200 {}");
  }

  @Test
  void head_hasTheLengthAndNoBody() {
    door.set("a", "12345");

    TestReply reply = door.ask("HEAD", "/get?k=a");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.field("content-length")).isEqualTo("7");
  }

  @Test
  void metrics_tellRouteAndStatus() {
    door.ask("GET", "/get?k=none");
    door.ask("GET", "/strange/path");

    assertThat(door.requests.requests).containsExactly("/get 404", "other 404");
  }
}
