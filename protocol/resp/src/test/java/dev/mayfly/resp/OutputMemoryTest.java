package dev.mayfly.resp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.testing.Eventually;
import dev.mayfly.transport.OutputMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients do not take is bounded for all of them together. */
@Timeout(60)
class OutputMemoryTest {
  private static final int VALUE_BYTES = 500_000;
  private static final String VALUE = "v".repeat(VALUE_BYTES);
  private static final String BIG = "$" + VALUE_BYTES + " " + VALUE;
  private static final String SMALL = "$1 1";
  private static final int MAX = TestDoor.OUTPUT_BYTES_MAX;

  /** More than the system keeps for a client that reads nothing. */
  private static final int GETS = 100;

  private final TestDoor door = new TestDoor();
  private final OutputMemory memory = door.door().outputMemory();
  private final List<RespClient> clients = new ArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(RespClient::close);
    try {
      Eventually.holds("all is given back", () -> memory.taken() == 0);
    } finally {
      door.close();
    }
    assertThat(memory.awaited()).isZero();
  }

  /** Lets time pass for the door's event loops, whose timers do not follow the virtual time. */
  private static void pass(long millis) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
  }

  private RespClient connect() {
    clients.add(door.connect());
    clients.getLast().ask("PING");
    return clients.getLast();
  }

  private void setValues() {
    assertThat(connect().ask("SET big " + VALUE)).isEqualTo("+OK");
    assertThat(connect().ask("SET small 1")).isEqualTo("+OK");
  }

  /** A client that has asked for more than the system keeps for it, and reads nothing. */
  private RespClient connectSlow() {
    RespClient slow = connect();
    slow.send("GET big\r\n".repeat(GETS).getBytes(US_ASCII));
    Eventually.holds("bytes are counted", () -> memory.taken() > 0);
    return slow;
  }

  private static void takeAll(RespClient slow) {
    for (int i = 0; i < GETS; i++) {
      assertThat(slow.reply()).isEqualTo(BIG);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET big",
        "MGET small big",
        "GETRANGE big 0 -1",
        "GETEX big",
        "GETSET big 1",
        "GETDEL big",
        "MF.GETREV big",
        "KEYS *",
        "MULTI\r\nGET small\r\nGET big\r\nEXEC"
      })
  void largeReply_waitsForItsTurn_whileOthersAreServed(String command) {
    setValues();
    memory.change(MAX);
    RespClient client = connect();
    client.send((command + "\r\nPING\r\n").getBytes(US_ASCII));
    Eventually.holds("clients wait", () -> memory.awaited() == 1);

    RespClient other = connect();
    assertThat(other.ask("GET small")).isEqualTo(SMALL);
    assertThat(other.ask("STRLEN big")).isEqualTo(":" + VALUE_BYTES);
    assertThat(other.ask("SET small 1")).isEqualTo("+OK");
    assertThat(memory.awaited()).isEqualTo(1);
    memory.change(-MAX);

    String reply = client.reply();
    while (!reply.equals("+PONG")) {
      assertThat(reply).doesNotStartWith("-");
      reply = client.reply();
    }
  }

  @Test
  void clientsThatWait_areAllServed_alsoWhereOneOfThemIsKilled() {
    setValues();
    memory.change(MAX);
    List<RespClient> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiting.add(connect());
      waiting.getLast().send("GET big\r\n".getBytes(US_ASCII));
      int count = i + 1;
      Eventually.holds("clients wait", () -> memory.awaited() == count);
    }
    door.door().sessions().stream().max(comparingLong(Session::id)).orElseThrow().kill();
    waiting.removeLast();
    Eventually.holds("clients wait", () -> memory.awaited() == 3);

    memory.change(-MAX);

    waiting.forEach(each -> assertThat(each.reply()).isEqualTo(BIG));
  }

  @Test
  void slowClient_whileMemoryIsShort_hasNothingMoreRun_andGetsEverythingLater() {
    setValues();
    memory.change(MAX);
    RespClient slow = connect();
    slow.send("GET big\r\n".repeat(GETS).getBytes(US_ASCII));
    Eventually.holds("clients wait", () -> memory.awaited() == 1);
    memory.change(-MAX);
    Eventually.holds("bytes are counted", () -> memory.taken() > 0);
    memory.change(MAX);
    long left = memory.taken();

    assertThat(connect().ask("GET small")).isEqualTo(SMALL);
    assertThat(memory.taken()).isLessThan(left + VALUE_BYTES);
    memory.change(-MAX);

    takeAll(slow);
  }

  @Test
  void clientThatTakesNothing_whileOthersWait_isCut() {
    setValues();
    connectSlow();
    int connected = door.door().sessions().size();
    memory.change(MAX);
    RespClient client = connect();
    client.send("GET big\r\n".getBytes(US_ASCII));

    Eventually.holds("clients are cut", () -> door.door().sessions().size() == connected);
    Eventually.holds("bytes are counted", () -> memory.taken() == MAX);
    assertThat(memory.awaited()).isEqualTo(1);
    memory.change(-MAX);

    assertThat(client.reply()).isEqualTo(BIG);
  }

  @Test
  void clientThatTakesNothing_whileNobodyWaits_isNotCut() throws InterruptedException {
    setValues();
    RespClient slow = connectSlow();
    memory.change(MAX);

    pass(4 * TestDoor.OUTPUT_TIMEOUT_MILLIS);
    memory.change(-MAX);

    takeAll(slow);
  }

  @Test
  void subscriber_thatAddsToMemoryThatIsSpent_isCut() {
    RespClient subscriber = connect();
    subscriber.ask("SUBSCRIBE c");
    RespClient publisher = connect();
    memory.change(2L * MAX);

    String receivers = ":1";
    while (receivers.equals(":1")) {
      receivers = publisher.ask("PUBLISH c " + "m".repeat(10_000));
    }

    Eventually.holds("bytes are counted", () -> memory.taken() == 2L * MAX);
    memory.change(-2L * MAX);
  }
}
