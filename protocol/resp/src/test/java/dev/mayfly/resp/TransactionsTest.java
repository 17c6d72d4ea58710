package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

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
