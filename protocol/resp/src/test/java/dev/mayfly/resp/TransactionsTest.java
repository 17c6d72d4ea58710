package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {
  private final TestDoor door = new TestDoor();
  private final RespClient client = door.connect();
  private final RespClient other = door.connect();

  @AfterEach
  void close() {
    client.close();
    other.close();
    door.close();
  }

  @Test
  void exec_queuedCommands_areDoneInOneStep() {
    assertThat(client.ask("MULTI")).isEqualTo("+OK");
    assertThat(client.ask("SET a 1")).isEqualTo("+QUEUED");
    assertThat(client.ask("INCR a")).isEqualTo("+QUEUED");
    assertThat(client.ask("MGET a b")).isEqualTo("+QUEUED");
    assertThat(client.ask("INCRBY a x")).isEqualTo("+QUEUED");
    assertThat(client.ask("PING")).isEqualTo("+QUEUED");
    assertThat(other.ask("EXISTS a")).isEqualTo(":0");

    assertThat(client.ask("EXEC"))
        .isEqualTo("*5 +OK :2 *2 $1 2 $-1 -ERR value is not an integer or out of range +PONG");
  }

  @Test
  void exec_watchedKeyChanged_doesNothing() {
    client.ask("SET a 1");
    assertThat(client.ask("WATCH a b")).isEqualTo("+OK");
    other.ask("SET b 1");

    client.ask("MULTI");
    client.ask("SET a 2");
    assertThat(client.ask("EXEC")).isEqualTo("*-1");
    assertThat(client.ask("GET a")).isEqualTo("$1 1");

    client.ask("MULTI");
    client.ask("SET a 3");
    assertThat(client.ask("EXEC")).isEqualTo("*1 +OK");
  }

  @Test
  void exec_watchedKeyCameAndWent_doesNothing() {
    client.ask("WATCH a");
    other.ask("SET a 1");
    other.ask("DEL a");
    client.ask("MULTI");
    client.ask("SET b 1");
    assertThat(client.ask("EXEC")).isEqualTo("*-1");

    client.ask("WATCH a b");
    other.ask("SET a 1 PX 5");
    door.time.advanceMillis(10);
    door.keyspace.maintain();
    client.ask("MULTI");
    assertThat(client.ask("EXEC")).isEqualTo("*-1");

    client.ask("WATCH a");
    other.ask("DEL a");
    other.ask("SET c 1");
    client.ask("MULTI");
    client.ask("SET a 2");
    assertThat(client.ask("EXEC")).isEqualTo("*1 +OK");
  }

  @Test
  void unwatch_discardAndReset_forgetKeysThatAreNotThere() {
    for (String forgetting : List.of("UNWATCH", "DISCARD", "RESET")) {
      client.ask("WATCH a");
      if (forgetting.equals("DISCARD")) {
        client.ask("MULTI");
      }
      assertThat(client.ask(forgetting)).startsWith("+");
      other.ask("SET a 1");
      other.ask("DEL a");
      client.ask("MULTI");
      assertThat(client.ask("EXEC")).as(forgetting).isEqualTo("*0");
    }
  }

  @Test
  void watch_ofWhatCanNeverBe_isNoMatter() {
    assertThat(client.ask("WATCH " + "k".repeat(100_000))).isEqualTo("+OK");
    client.ask("WATCH ");
    client.ask("MULTI");

    assertThat(client.ask("EXEC")).isEqualTo("*0");
  }

  @Test
  void exec_renamesAndCopies_inTheirPlace() {
    client.ask("MULTI");
    client.ask("MSET a 1 b 2");
    client.ask("RENAME a c");
    client.ask("RENAME a d");
    client.ask("RENAMENX b c");
    client.ask("COPY c e");
    client.ask("COPY a e");
    client.ask("INCR e");
    client.ask("MSETNX x 1 y 2");
    client.ask("MSETNX y 3 z 4");
    client.ask("MGET a b c e x y z");

    assertThat(client.ask("EXEC"))
        .isEqualTo(
            "*10 +OK +OK -ERR no such key :0 :1 :0 :2 :1 :0"
                + " *7 $-1 $1 2 $1 1 $1 2 $1 1 $1 2 $-1");
  }

  @Test
  void exec_msetOfALockedKey_setsNothing() {
    other.ask("CLIENT SETNAME other");
    other.ask("MF.LOCK locked 60000 CREATE");
    client.ask("MULTI");
    client.ask("MSET a 1 locked 2");
    client.ask("SET b 1");

    assertThat(client.ask("EXEC")).isEqualTo("*2 -LOCKED the key is locked by another client +OK");
    assertThat(client.ask("EXISTS a")).isEqualTo(":0");
  }

  @Test
  void multi_wrongSubcommands_areRefusedWhenQueued() {
    client.ask("MULTI");
    assertThat(client.ask("CLIENT ID x"))
        .isEqualTo("-ERR wrong number of arguments for 'client|id' command");
    assertThat(client.ask("EXEC"))
        .isEqualTo("-EXECABORT Transaction discarded because of previous errors.");
  }

  @Test
  void exec_afterAnUnknownCommand_isAborted() {
    client.ask("MULTI");
    client.ask("LPUSH a 1");
    assertThat(client.ask("EXEC"))
        .isEqualTo("-EXECABORT Transaction discarded because of previous errors.");
    assertThat(client.ask("EXEC")).isEqualTo("-ERR EXEC without MULTI");
    assertThat(client.ask("DISCARD")).isEqualTo("-ERR DISCARD without MULTI");
  }

  @Test
  void multi_moreThanMayBeQueued_isRefused() {
    client.ask("MULTI");

    assertThat(client.ask("SET a " + "v".repeat(5000)))
        .isEqualTo("-ERR the queued commands exceed 4096 bytes");
    assertThat(client.ask("EXEC")).startsWith("-EXECABORT");
  }

  @Test
  void multi_commandsThatTakeSteps_areRefusedInTheirPlace() {
    client.ask("MULTI");
    client.ask("KEYS *");
    client.ask("SET a 1");

    assertThat(client.ask("EXEC"))
        .isEqualTo("*2 -ERR this command is not allowed in a transaction +OK");
  }

  @Test
  void transactionGivenUp_leavesTheClientAsItWas() {
    client.ask("WATCH a");
    client.ask("SET a 1");
    client.ask("MULTI");
    client.ask("CLIENT SETNAME me");
    client.ask("HELLO 3");

    assertThat(client.ask("EXEC")).isEqualTo("*-1");

    assertThat(client.ask("CLIENT GETNAME")).isEqualTo("$-1");
  }
}
