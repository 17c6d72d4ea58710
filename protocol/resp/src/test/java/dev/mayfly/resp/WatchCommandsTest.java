package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchCommandsTest {
  private final TestDoor door = new TestDoor();
  private final RespClient watcher = door.connect();
  private final RespClient writer = door.connect();

  @AfterEach
  void close() {
    watcher.close();
    writer.close();
    door.close();
  }

  private static String token(String message) {
    return message.substring(message.lastIndexOf(' ') + 1);
  }

  @Test
  void watch_tellsTheChangesOfItsPrefix_withValuesAndTokens() {
    assertThat(watcher.ask("MF.WATCH PREFIX a: VALUES")).startsWith("*2 :1 $22 ");
    writer.ask("SET b:1 x");
    writer.ask("SET a:1 hello PX 1000");

    assertThat(watcher.reply())
        .startsWith("*12 $8 mf.event :1 $7 created $3 a:1 :")
        .contains(" :0 :1700000000000 $4 resp ")
        .contains(" :5 $5 hello $-1");
    assertThat(watcher.reply())
        .startsWith("*12 $8 mf.event :1 $12 lifespan-set $3 a:1 :")
        .matches(".* :1 :1700000000000 .* \\$22 [-_A-Za-z0-9]{22}");

    door.time.advanceMillis(2000);
    door.keyspace.maintain();

    assertThat(watcher.reply()).startsWith("*12 $8 mf.event :1 $7 expired $3 a:1 :");
  }

  @Test
  void resume_continuesWithoutGapOrRepetition() {
    watcher.ask("MF.WATCH KIND created");
    writer.ask("SET a 1");
    String place = token(watcher.reply());
    watcher.close();
    writer.ask("SET b 2");

    try (RespClient again = door.connect()) {
      assertThat(again.ask("MF.WATCH KIND created AFTER " + place)).startsWith("*2 :2 ");
      assertThat(again.reply()).startsWith("*12 $8 mf.event :2 $7 created $1 b ");
    }
  }

  @Test
  void resume_whereTheLogHasMovedOn_tellsAGap() {
    String place = token(watcher.ask("MF.WATCH PREFIX none"));
    String value = "v".repeat(500);
    for (int i = 0; i < 4000; i++) {
      writer.ask("SET k" + value + " v");
      writer.ask("DEL k" + value);
    }

    try (RespClient again = door.connect()) {
      assertThat(again.ask("MF.WATCH AFTER " + place)).startsWith("*2 :2 ");
      assertThat(again.reply()).matches("\\*5 \\$6 mf\\.gap :2 :[1-9][0-9]* :[0-9]+ \\$22 .*");
    }
  }

  @Test
  void state_isToldFirst_inMessagesOfResp3() {
    writer.ask("SET a 1");
    watcher.ask("HELLO 3");
    assertThat(watcher.ask("MF.WATCH KEY a STATE VALUES")).isEqualTo("*2 :1 _");
    assertThat(watcher.reply()).startsWith(">7 $8 mf.state :1 $1 a :").endsWith(" :1 $1 1");
    assertThat(watcher.reply()).startsWith(">3 $12 mf.state-end :1 $22 ");

    assertThat(watcher.ask("SET a 2")).isEqualTo("+OK");
    assertThat(watcher.reply()).startsWith(">12 $8 mf.event :1 $7 updated $1 a ");
  }

  @Test
  void unwatch_endsIt_andTheClientOfResp2IsFreeAgain() {
    watcher.ask("MF.WATCH");
    assertThat(watcher.ask("GET a")).startsWith("-ERR Can't execute 'get'");

    assertThat(watcher.ask("MF.UNWATCH 7")).isEqualTo(":0");
    assertThat(watcher.ask("MF.UNWATCH 1")).isEqualTo(":1");

    writer.ask("SET a 1");
    assertThat(watcher.ask("GET a")).isEqualTo("$1 1");
  }

  @Test
  void wrongWishes_areRefused() {
    assertThat(watcher.ask("MF.WATCH KEY")).isEqualTo("-ERR syntax error");
    assertThat(watcher.ask("MF.WATCH SLOW down")).isEqualTo("-ERR syntax error");
    assertThat(watcher.ask("MF.WATCH AFTER x")).startsWith("-ERR resume token 'x'");
    assertThat(watcher.ask("MF.WATCH KIND sad")).isEqualTo("-ERR no such kind of event: 'sad'");
    assertThat(watcher.ask("MF.WATCH PATTERN (")).startsWith("-ERR pattern '('");
    for (int i = 0; i < 10; i++) {
      assertThat(watcher.ask("MF.WATCH KEY nothing")).startsWith("*2 ");
    }
    assertThat(watcher.ask("MF.WATCH")).isEqualTo("-ERR more than 10 subscriptions");
    assertThat(watcher.ask("RESET")).isEqualTo("+RESET");
    assertThat(watcher.ask("MF.WATCH")).startsWith("*2 ");
  }
}
