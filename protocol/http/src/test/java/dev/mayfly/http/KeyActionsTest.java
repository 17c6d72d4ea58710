package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyActionsTest {
  private TestDoor door;

  @BeforeEach
  void open() {
    door = TestDoor.open();
  }

  @AfterEach
  void close() {
    door.close();
  }

  private TestReply post(String action) {
    return door.ask("POST", "/v1/keys/a/" + action, "Content-Length: 0");
  }

  private TestReply postAs(String client, String action) {
    return door.ask("POST", "/v1/keys/a/" + action, "X-Client-Id: " + client);
  }

  private static String code(TestReply reply) {
    String text = reply.text();
    int start = text.indexOf("\"code\":\"") + 8;
    return reply.status() + " " + text.substring(start, text.indexOf('"', start));
  }

  @Test
  void pop_givesTheValueOnce() {
    door.send("PUT", "/v1/keys/a", "v", "Content-Type: text/x-thing");

    TestReply reply = post("pop");

    assertThat(reply.line()).isEqualTo("200 v");
    assertThat(reply.field("content-type")).isEqualTo("text/x-thing");
    assertThat(reply.field("mayfly-version")).isEqualTo("1");
    assertThat(code(post("pop"))).isEqualTo("404 not-found");
  }

  @Test
  void pop_lockedByAnother_leavesIt() {
    door.setLocked("a", "v", "somebody");

    assertThat(code(post("pop"))).isEqualTo("423 locked");
    assertThat(door.get("a")).isEqualTo("v");
  }

  @Test
  void increment_countsFromZero() {
    assertThat(post("increment").line()).isEqualTo("200 {\"value\":1}");
    assertThat(post("increment?by=41").line()).isEqualTo("200 {\"value\":42}");
    assertThat(post("increment?by=-50").line()).isEqualTo("200 {\"value\":-8}");
    assertThat(post("increment").field("etag")).isEqualTo("\"" + door.entry("a").revision() + "\"");
  }

  @Test
  void increment_lifespan_isSetOrKept() {
    post("increment?lifespan=10s");
    assertThat(door.entry("a").lifespanMillis()).isEqualTo(10_000);

    post("increment");
    assertThat(door.entry("a").lifespanMillis()).isEqualTo(10_000);
  }

  @Test
  void increment_bad_isRefused() {
    assertThat(code(post("increment?by=x"))).isEqualTo("400 argument-invalid");
    assertThat(code(post("increment?by=1.5"))).isEqualTo("400 argument-invalid");
    assertThat(code(post("increment?lifespan=0"))).isEqualTo("400 lifespan-invalid");
    door.set("a", "text");
    assertThat(code(post("increment"))).isEqualTo("409 not-a-number");
    door.set("a", Long.toString(Long.MAX_VALUE));
    assertThat(code(post("increment"))).isEqualTo("409 number-overflow");
  }

  @Test
  void lock_isTheCallers() {
    door.set("a", "v");

    TestReply reply = postAs("me", "lock?duration=5s");

    assertThat(reply.line())
        .isEqualTo("200 {\"success\":true,\"token\":" + door.lock("a").token() + "}");
    assertThat(door.lock("a").owner()).isEqualTo("me");
    assertThat(code(postAs("you", "lock?duration=5s"))).isEqualTo("423 locked");
    assertThat(code(postAs("you", "unlock"))).isEqualTo("423 locked");
    assertThat(postAs("me", "unlock").line()).isEqualTo("200 {\"success\":true}");
    assertThat(postAs("you", "unlock").line()).isEqualTo("200 {\"success\":true}");
    assertThat(door.entry("a").lock()).isNull();
  }

  @Test
  void lock_withoutClientId_isTheDoors() {
    door.set("a", "v");
    post("lock?duration=5s");

    assertThat(door.lock("a").owner()).isEqualTo("http");
  }

  @Test
  void lock_again_renewsOrExtends() {
    door.set("a", "v");
    String first = postAs("me", "lock?duration=10s").text();
    door.time.advance(4000);

    assertThat(postAs("me", "lock?duration=10s").text()).isEqualTo(first);
    assertThat(door.lock("a").deadlineMillis() - door.time.millis()).isEqualTo(10_000);

    postAs("me", "lock?duration=10s&extend=true");
    assertThat(door.lock("a").deadlineMillis() - door.time.millis()).isEqualTo(20_000);
  }

  @Test
  void lock_missingKey_isCreatedWhenAskedFor() {
    assertThat(code(post("lock?duration=5s"))).isEqualTo("404 not-found");
    assertThat(post("lock?duration=5s&create=true").status()).isEqualTo(200);
    assertThat(door.get("a")).isEmpty();
  }

  @Test
  void lock_badDuration_isRefused() {
    door.set("a", "v");

    assertThat(code(post("lock"))).isEqualTo("400 lock-duration-invalid");
    assertThat(code(post("lock?duration=0"))).isEqualTo("400 lock-duration-invalid");
    assertThat(code(post("lock?duration=-1s"))).isEqualTo("400 lock-duration-invalid");
    assertThat(code(post("lock?duration=4s"))).isEqualTo("400 lock-duration-invalid");
    assertThat(code(post("lock?duration=16m"))).isEqualTo("400 lock-duration-too-long");
    assertThat(code(post("lock?duration=5s&create=1"))).isEqualTo("400 argument-invalid");
  }

  @Test
  void unlock_token_mustBeTheLocks() {
    door.set("a", "v");
    postAs("me", "lock?duration=5s");
    long token = door.lock("a").token();

    assertThat(code(postAs("me", "unlock?token=" + (token + 1)))).isEqualTo("423 locked");
    assertThat(code(postAs("me", "unlock?token=-1"))).isEqualTo("400 argument-invalid");
    assertThat(postAs("me", "unlock?token=" + token).status()).isEqualTo(200);
  }

  @Test
  void unlock_missingKey_is404() {
    assertThat(code(post("unlock"))).isEqualTo("404 not-found");
  }
}
