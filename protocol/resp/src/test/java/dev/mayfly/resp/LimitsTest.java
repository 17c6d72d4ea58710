package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final String TOO_LARGE = "-ERR the reply exceeds ";

  private final TestDoor door = new TestDoor();
  private final RespClient client = door.connect();

  @AfterEach
  void close() {
    client.close();
    door.close();
  }

  @Test
  void mget_beyondTheLimitOnReplies_isRefused() {
    client.ask("SET a " + "v".repeat(250_000));

    assertThat(client.ask("MGET a a a a")).startsWith("*4 $250000 vvv");
    assertThat(client.ask("MGET a a a a a")).startsWith(TOO_LARGE);
    assertThat(client.ask("PING")).isEqualTo("+PONG");
  }

  @Test
  void keys_beyondTheLimitOnReplies_isRefused() {
    String key = "k".repeat(1000);
    for (int i = 0; i < 1000; i++) {
      client.ask("SET " + key + i + " v");
    }
    assertThat(client.ask("KEYS *")).startsWith("*1000 $100");
    for (int i = 1000; i < 1100; i++) {
      client.ask("SET " + key + i + " v");
    }

    assertThat(client.ask("KEYS *")).startsWith(TOO_LARGE);
    assertThat(client.ask("DBSIZE")).isEqualTo(":1100");
  }

  private Action.Steps newKeysSteps() {
    Command keys = Objects.requireNonNull(door.door().table().find("keys"));
    Session session = door.door().sessions().iterator().next();
    Arguments all = new Arguments(Texts.utf8("KEYS"), new byte[][] {{'*'}});
    return (Action.Steps) keys.handler().plan(all, session);
  }

  @Test
  void keys_ofManyClients_areBoundedTogether() {
    String key = "k".repeat(700);
    for (int i = 0; i < 1100; i++) {
      client.ask("SET " + key + i + " v");
    }
    ReplyBuffer out = new ReplyBuffer(1024);
    Action.Steps first = newKeysSteps();
    assertThat(first.step(out)).isFalse();
    Action.Steps second = newKeysSteps();

    assertThatThrownBy(() -> second.step(out))
        .isInstanceOf(RespException.class)
        .hasMessageContaining("KEYS that are under way exceed 1572864 bytes together; use SCAN");
    second.end();
    first.end();

    Action.Steps third = newKeysSteps();
    assertThat(third.step(out)).isFalse();
    assertThat(third.step(out)).isTrue();
    third.end();
    assertThat(client.ask("KEYS *")).startsWith("*1100 $70");
  }

  @Test
  void exec_beyondTheLimitOnReplies_doesNothing() {
    client.ask("SET a " + "v".repeat(100_000));
    client.ask("MULTI");
    client.ask("INCR n");
    client.ask("SETRANGE b 900000 x");
    client.ask("GET b");
    client.ask("GET a");
    client.ask("GET a");
    assertThat(client.ask("EXEC")).startsWith(TOO_LARGE);

    assertThat(client.ask("EXISTS n b")).isEqualTo(":0");
  }

  @Test
  void watch_ofOneKeyTooMany_isRefused() {
    assertThat(client.ask("WATCH a b c d e")).isEqualTo("+OK");

    assertThat(client.ask("WATCH f")).isEqualTo("-ERR more than 5 keys are watched");
  }

  @Test
  void publisherFasterThanASubscriberReads_isNotHeldUp_andTheSubscriberIsCut() {
    try (RespClient subscriber = door.connect()) {
      subscriber.ask("SUBSCRIBE c");
      byte[] publish = RespClient.encode("PUBLISH", "c", "m".repeat(50_000));
      for (int i = 0; i < 400; i++) {
        client.send(publish);
      }
      String last = ":1";
      for (int i = 0; i < 400; i++) {
        last = client.reply();
      }

      assertThat(last).isEqualTo(":0");
    }
  }

  @Test
  void noTouch_isTakenBack() {
    assertThat(client.ask("CLIENT NO-TOUCH ON")).isEqualTo("+OK");
    assertThat(client.ask("GET a")).isEqualTo("$-1");
    assertThat(client.ask("CLIENT NO-TOUCH maybe")).isEqualTo("-ERR syntax error");
    assertThat(client.ask("CLIENT NO-TOUCH OFF")).isEqualTo("+OK");
  }
}
