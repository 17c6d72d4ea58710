package dev.mayfly.resp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.MemoryBudget;
import dev.mayfly.testing.Eventually;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients have sent without that it could be run is bounded for all of them together. */
@Timeout(120)
class InputMemoryTest {
  private static final int VALUE_BYTES = 900_000;

  private final TestDoor door = new TestDoor();
  private final MemoryBudget memory = door.door().inputMemory();
  private final List<RespClient> clients = new ArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(RespClient::close);
    try {
      Eventually.holds("all is given back", () -> memory.taken() == 0);
    } finally {
      door.close();
    }
  }

  private RespClient connect() {
    clients.add(door.connect());
    clients.getLast().ask("PING");
    return clients.getLast();
  }

  /** All of a SET but its end. */
  private static byte[] beginning(int valueBytes) {
    return ("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$" + VALUE_BYTES + "\r\n" + "v".repeat(valueBytes))
        .getBytes(US_ASCII);
  }

  @Test
  void commandsThatAreNotWhole_ofManyClients_areBounded() {
    long left = TestDoor.INPUT_BYTES_MAX - memory.taken();
    memory.take(left - 3 * VALUE_BYTES);
    RespClient first = connect();
    first.send(beginning(VALUE_BYTES - 1));
    Eventually.holds("bytes are counted", () -> memory.taken() > left - 2 * VALUE_BYTES);
    RespClient second = connect();
    Thread.startVirtualThread(() -> second.send(beginning(VALUE_BYTES - 1)));

    Eventually.holds("clients are cut", () -> door.door().sessions().size() == 1);
    memory.giveBack(left - 3 * VALUE_BYTES);

    first.send("v\r\n".getBytes(US_ASCII));
    assertThat(first.reply()).isEqualTo("+OK");
    assertThat(memory.taken()).isZero();
  }

  @Test
  void clientThatFindsNoMemory_isToldSo() {
    RespClient client = connect();
    client.send(beginning(1000));
    Eventually.holds("bytes are counted", () -> memory.taken() > 0);
    memory.take(TestDoor.INPUT_BYTES_MAX);

    client.send("vvvv".getBytes(US_ASCII));

    assertThat(client.reply()).startsWith("-ERR commands that wait to be run exceed 8388608 bytes");
    assertThat(client.reply()).isEqualTo("closed");
    memory.giveBack(TestDoor.INPUT_BYTES_MAX);
    assertThat(connect().ask("SET a 1")).isEqualTo("+OK");
  }

  @Test
  void manyArguments_inPart_countAsWhatTheyTake() {
    RespClient client = connect();
    client.send(("*1000\r\n" + "$0\r\n\r\n".repeat(900)).getBytes(US_ASCII));

    // Six bytes each, and two numbers that tell where it is.
    Eventually.holds("they are counted", () -> memory.taken() >= 900 * (6 + 8));
  }

  @Test
  void firstPart_findsNoMemory_isRefused_smallOneIsNot() {
    memory.take(TestDoor.INPUT_BYTES_MAX);
    RespClient small = connect();
    small.send(beginning(1000));
    RespClient large = connect();
    large.send(beginning(20_000));

    assertThat(large.reply()).startsWith("-ERR commands that wait to be run exceed");
    assertThat(large.reply()).isEqualTo("closed");
    Eventually.holds("the small one is counted", () -> memory.taken() > 1000);
    assertThat(connect().ask("SET a 1")).isEqualTo("+OK");
    memory.giveBack(TestDoor.INPUT_BYTES_MAX);
  }

  @Test
  void queuedSmallCommands_countAsObjects() {
    RespClient client = connect();
    client.ask("MULTI");
    for (int i = 0; i < 30; i++) {
      client.ask("SET a b");
    }

    assertThat(memory.taken()).isBetween(30 * 110L, 30 * 130L);
    client.ask("DISCARD");
  }

  @Test
  void queuedCommands_takeMemory_untilTheyAreRunOrForgotten() {
    RespClient client = connect();
    for (String end : List.of("EXEC", "DISCARD", "RESET")) {
      client.ask("MULTI");
      assertThat(client.ask("SET a " + "v".repeat(1000))).isEqualTo("+QUEUED");
      assertThat(memory.taken()).isBetween(1000L, 2000L);
      client.ask(end);
      assertThat(memory.taken()).as(end).isZero();
    }
    client.ask("MULTI");
    client.ask("SET a b");
    memory.take(TestDoor.INPUT_BYTES_MAX);
    assertThat(client.ask("SET a c")).startsWith("-ERR commands that wait to be run exceed");
    assertThat(client.ask("EXEC")).startsWith("-EXECABORT");
    memory.giveBack(TestDoor.INPUT_BYTES_MAX);
    assertThat(memory.taken()).isZero();

    client.ask("MULTI");
    client.ask("SET a d");
  }
}
