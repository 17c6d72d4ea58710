package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PubSubTest {
  private final TestDoor door = new TestDoor();
  private final RespClient subscriber = door.connect();
  private final RespClient publisher = door.connect();

  @AfterEach
  void close() {
    subscriber.close();
    publisher.close();
    door.close();
  }

  @Test
  void message_reachesChannelsAndPatterns() {
    assertThat(subscriber.ask("SUBSCRIBE news")).isEqualTo("*3 $9 subscribe $4 news :1");
    assertThat(subscriber.ask("PSUBSCRIBE n*")).isEqualTo("*3 $10 psubscribe $2 n* :2");

    assertThat(publisher.ask("PUBLISH news hello")).isEqualTo(":2");

    assertThat(subscriber.reply()).isEqualTo("*3 $7 message $4 news $5 hello");
    assertThat(subscriber.reply()).isEqualTo("*4 $8 pmessage $2 n* $4 news $5 hello");
    assertThat(subscriber.ask("GET a")).startsWith("-ERR Can't execute 'get'");
    assertThat(subscriber.ask("PING")).isEqualTo("*2 $4 pong $0 ");
    assertThat(publisher.ask("PUBSUB NUMSUB news")).isEqualTo("*2 $4 news :1");
  }

  @Test
  void resp3_messagesArePushes_andCommandsGoOn() {
    subscriber.ask("HELLO 3");
    assertThat(subscriber.ask("SUBSCRIBE c")).isEqualTo(">3 $9 subscribe $1 c :1");
    publisher.ask("PUBLISH c m");

    assertThat(subscriber.reply()).isEqualTo(">3 $7 message $1 c $1 m");
    assertThat(subscriber.ask("SET a 1")).isEqualTo("+OK");
  }

  @Test
  void notifications_tellOfExpiryWhenItHappens() {
    assertThat(publisher.ask("CONFIG SET notify-keyspace-events KEA")).isEqualTo("+OK");
    subscriber.ask("PSUBSCRIBE __key*__:*");
    publisher.ask("SET a 1 PX 5");
    for (String event : new String[] {"set", "expire"}) {
      assertThat(subscriber.reply())
          .isEqualTo(
              "*4 $8 pmessage $10 __key*__:* $16 __keyspace@0__:a $%d %s"
                  .formatted(event.length(), event));
      assertThat(subscriber.reply()).endsWith("__keyevent@0__:" + event + " $1 a");
    }

    door.time.advanceMillis(100);
    door.keyspace.maintain();

    assertThat(subscriber.reply()).endsWith("$16 __keyspace@0__:a $7 expired");
    assertThat(subscriber.reply()).endsWith("$22 __keyevent@0__:expired $1 a");
    assertThat(publisher.ask("CONFIG SET notify-keyspace-events Q"))
        .startsWith("-ERR CONFIG SET failed");
  }

  @Test
  void subscriptions_beyondTheLimit_areRefused() {
    for (int i = 0; i < 10; i++) {
      assertThat(subscriber.ask("SUBSCRIBE c" + i)).endsWith(":" + (i + 1));
    }

    assertThat(subscriber.ask("SUBSCRIBE more")).isEqualTo("-ERR more than 10 subscriptions");
  }

  @Test
  void subscriberThatTakesNothing_isCut() {
    subscriber.ask("SUBSCRIBE c");
    String message = "m".repeat(100_000);

    String receivers = ":1";
    for (int i = 0; i < 1000 && receivers.equals(":1"); i++) {
      receivers = publisher.ask("PUBLISH c " + message);
    }

    assertThat(receivers).isEqualTo(":0");
  }
}
