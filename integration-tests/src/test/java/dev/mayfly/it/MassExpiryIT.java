package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.it.RespWire.Reply;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Very many keys that end at the same moment, and who is told of each. */
@Timeout(240)
class MassExpiryIT {
  private static final int KEYS = 300_000;
  private static final int ROUNDS = 2;
  private static final int BATCH = 10_000;
  private static final long LEAD_MILLIS = 8_000;
  private static final long TOLD_WITHIN_MILLIS = 20_000;
  private static final String CHANNEL = "__keyevent@0__:expired";

  private static final TimeSource TIME = new SystemTime();

  @TempDir Path folder;

  @Test
  void keysThatEndTogether_areAllTold_andWhatComesAfterThemToo() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder);
        RespWire writer = new RespWire(server.respPort());
        RespWire subscriber = new RespWire(server.respPort())) {
      writer.ask(List.of("CONFIG", "SET", "notify-keyspace-events", "Ex"));
      subscriber.ask(List.of("SUBSCRIBE", CHANNEL));
      for (int round = 0; round < ROUNDS; round++) {
        long deadline = TIME.millis() + LEAD_MILLIS;
        fill(writer, deadline);
        assertThat(TIME.millis()).as("filled in time").isLessThan(deadline);

        awaitAll(subscriber);

        assertThat(TIME.millis() - deadline).isBetween(0L, TOLD_WITHIN_MILLIS);
        writer.ask(List.of("SET", "0", "v", "PX", "20"));
        assertThat(told(subscriber)).isZero();
      }
    }
  }

  private static void fill(RespWire writer, long deadline) throws Exception {
    for (int from = 0; from < KEYS; from += BATCH) {
      StringBuilder batch = new StringBuilder();
      for (int key = from; key < from + BATCH; key++) {
        batch.append("SET ").append(key).append(" v PXAT ").append(deadline).append("\r\n");
      }
      writer.send(batch.toString().getBytes(StandardCharsets.ISO_8859_1));
      for (int i = 0; i < BATCH; i++) {
        assertThat(writer.reply().text()).isEqualTo("+OK");
      }
    }
  }

  /** Each key is told once; reading ends by the patience of the wire if one is not. */
  private static void awaitAll(RespWire subscriber) throws Exception {
    BitSet told = new BitSet();
    for (int i = 0; i < KEYS; i++) {
      int key = told(subscriber);
      assertThat(told.get(key)).as("told before: %d", key).isFalse();
      told.set(key);
    }
    assertThat(told.cardinality()).isEqualTo(KEYS);
  }

  private static int told(RespWire subscriber) throws Exception {
    Reply message = subscriber.reply();
    assertThat(message.elements().get(1).text()).isEqualTo("$" + CHANNEL);
    return Integer.parseInt(message.elements().getLast().text().substring(1));
  }
}
