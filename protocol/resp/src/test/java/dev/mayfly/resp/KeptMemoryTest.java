package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.MemoryBudget;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients have the door remember is bounded for all of them together. */
@Timeout(60)
class KeptMemoryTest {
  private static final int MAX = TestDoor.KEPT_BYTES_MAX;
  private static final String REFUSED =
      "-ERR channels, watches and keys to watch exceed " + MAX + " bytes, of all clients together";

  private final TestDoor door = new TestDoor();
  private final MemoryBudget memory = door.door().keptMemory();
  private final RespClient client = door.connect();

  @AfterEach
  void close() {
    client.close();
    while (!door.door().sessions().isEmpty()) {
      Thread.onSpinWait();
    }
    door.close();
    assertThat(memory.taken()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SUBSCRIBE c",
        "PSUBSCRIBE c*",
        "WATCH k",
        "MF.WATCH KEY k",
        "CLIENT TRACKING ON BCAST PREFIX p"
      })
  void whatDoesNotFit_isRefused_andFitsLater(String command) {
    client.ask("HELLO 3");
    memory.take(MAX);
    assertThat(client.ask(command)).isEqualTo(REFUSED);
    memory.giveBack(MAX);

    assertThat(client.ask(command)).doesNotStartWith("-");
    assertThat(memory.taken()).isPositive();
  }

  @Test
  void manyLongNames_ofOneClient_areRefused() {
    client.ask("HELLO 3");
    assertThat(client.ask("SUBSCRIBE " + "a".repeat(40_000))).startsWith(">3 $9 subscribe");
    assertThat(client.ask("PSUBSCRIBE b " + "c".repeat(40_000))).isEqualTo(REFUSED);
    assertThat(client.ask("PUBSUB NUMPAT")).isEqualTo(":0");

    assertThat(client.ask("UNSUBSCRIBE")).startsWith(">3 $11 unsubscribe");
    assertThat(client.ask("PSUBSCRIBE " + "c".repeat(40_000))).startsWith(">3 $10 psubscribe");
  }

  @Test
  void whatIsGivenUp_isForgotten() {
    client.ask("HELLO 3");
    List<List<String>> pairs =
        List.of(
            List.of("SUBSCRIBE a a", "UNSUBSCRIBE a"),
            List.of("PSUBSCRIBE a", "PUNSUBSCRIBE"),
            List.of("WATCH k l", "UNWATCH"),
            List.of("CLIENT TRACKING ON BCAST PREFIX p", "CLIENT TRACKING OFF"),
            List.of("SUBSCRIBE b", "RESET"));
    for (List<String> pair : pairs) {
      String first = client.ask(pair.getFirst());
      if (pair.getFirst().endsWith("a a")) {
        assertThat(client.reply()).isEqualTo(first);
      }
      assertThat(memory.taken()).as(pair.getFirst()).isPositive();
      client.ask(pair.getLast());
      assertThat(memory.taken()).as(pair.getLast()).isZero();
    }
    client.ask("WATCH k");
    client.ask("MULTI");
    client.ask("EXEC");
    assertThat(memory.taken()).as("EXEC").isZero();

    client.ask("WATCH k");
    client.ask("SUBSCRIBE left");
    client.ask("MF.WATCH");
  }

  @Test
  void readsThatTakeTooMuch_areForgotten_andAllIsInvalidated() {
    client.ask("HELLO 3");
    Session session = door.door().sessions().iterator().next();
    try (Tracking tracking =
        new Tracking(door.door(), door.door().store().watches(), Integer.MAX_VALUE, 10_000)) {
      tracking.begin(session, new TrackingTerms(false, Set.of(), false, false, false, 0));
      for (int i = 0; i < 20; i++) {
        tracking.onRead(Texts.utf8("k".repeat(400) + i), session);
        tracking.onRead(Texts.utf8("k".repeat(400) + i), session);
      }

      assertThat(client.reply()).isEqualTo(">2 $10 invalidate _");
      assertThat(tracking.reads()).isBetween(1L, 18L);
      tracking.end(session);
    }
  }

  @Test
  void keyThatCannotBe_isNotRemembered() {
    client.ask("HELLO 3");
    client.ask("CLIENT TRACKING ON");

    client.ask("GET " + "k".repeat(door.keyspace.bounds().keyBytesMax() + 1));

    assertThat(door.door().tracking().reads()).isZero();
  }
}
