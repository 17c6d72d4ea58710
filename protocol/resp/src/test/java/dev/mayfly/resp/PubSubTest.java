package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
    assertThat(subscriber.ask("CLIENT ID")).startsWith("-ERR Can't execute 'client|id'");
    assertThat(subscriber.ask("PING")).isEqualTo("*2 $4 pong $0 ");
    assertThat(publisher.ask("PUBSUB NUMSUB news")).isEqualTo("*2 $4 news :1");
  }

  @Test
  void ping_subscribedInTheSameTransaction_isAnsweredAsToASubscriber() {
    subscriber.ask("MULTI");
    subscriber.ask("PING");
    subscriber.ask("SUBSCRIBE c");
    subscriber.ask("PING");

    assertThat(subscriber.ask("EXEC")).isEqualTo("*3 +PONG *3 $9 subscribe $1 c :1 *2 $4 pong $0 ");
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
  void clientReply_offAndSkip_leaveMessagesAlone() {
    for (String version : List.of("2", "3")) {
      String type = version.equals("3") ? ">" : "*";
      subscriber.ask("HELLO " + version);
      subscriber.send(RespClient.encode("CLIENT", "REPLY", "OFF"));
      assertThat(subscriber.ask("SUBSCRIBE c")).isEqualTo(type + "3 $9 subscribe $1 c :1");
      subscriber.send(RespClient.encode("SUBSCRIBE"));
      subscriber.send(RespClient.encode("PING"));
      publisher.ask("PUBLISH c m");
      assertThat(subscriber.reply()).isEqualTo(type + "3 $7 message $1 c $1 m");
      assertThat(subscriber.ask("UNSUBSCRIBE")).isEqualTo(type + "3 $11 unsubscribe $1 c :0");
      assertThat(subscriber.ask("CLIENT REPLY ON")).isEqualTo("+OK");

      subscriber.send(RespClient.encode("CLIENT", "REPLY", "SKIP"));
      assertThat(subscriber.ask("PSUBSCRIBE c*")).isEqualTo(type + "3 $10 psubscribe $2 c* :1");
      assertThat(subscriber.ask("PUNSUBSCRIBE")).isEqualTo(type + "3 $12 punsubscribe $2 c* :0");
    }
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
  void notifications_eachLetter_tellsItsClassAlone() {
    subscriber.ask("PSUBSCRIBE __key*__:*");
    publisher.ask("SET end 0");

    assertThat(told("K$", "SET end 1")).containsExactly("a set", "a set", "b set", "end set");
    assertThat(told("Kg", "DEL end")).containsExactly("a expire", "a del", "b expire", "end del");
    assertThat(told("Kx", "SET end 1 PX 5")).containsExactly("b expired", "end expired");
    assertThat(told("Kn", "SET end 1")).containsExactly("a new", "b new", "end new");
    assertThat(told("Exn", "SET end 1 PX 5"))
        .containsExactly("new a", "new b", "expired b", "expired end");
  }

  /**
   * What is told with these letters of the same commands.
   *
   * @param last its last event is told with these letters, so that nothing is left for the next
   */
  private List<String> told(String letters, String last) {
    assertThat(publisher.ask("CONFIG SET notify-keyspace-events " + letters)).isEqualTo("+OK");
    publisher.ask("SET a 1");
    publisher.ask("SET a 2");
    publisher.ask("EXPIRE a 100");
    publisher.ask("DEL a");
    for (String command : List.of("SET b 1 PX 5", last)) {
      publisher.ask(command);
      door.time.advanceMillis(100);
      door.keyspace.maintain();
    }
    List<String> told = new ArrayList<>();
    do {
      String[] words = subscriber.reply().split(" ", -1);
      String channel = words[6];
      told.add(channel.substring(channel.indexOf("__:") + 3) + " " + words[8]);
    } while (!told.getLast().contains("end"));
    return told;
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
