package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Lock;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LockTableTest {
  private static final long QUARTER_HOUR = 900_000;

  private final Alarm alarm = new Alarm();
  private final LockTable locks =
      new LockTable(new LockQueue(EngineConfig.Waiting.DEFAULT, new AtomicInteger(), alarm), alarm);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Lock lock(long deadlineMillis) {
    return new Lock("alice", 1, 0, deadlineMillis);
  }

  @Test
  void lockThatEndsBeforeAllOthers_raisesTheAlarm() {
    locks.put(bytes("a"), lock(QUARTER_HOUR));
    assertThat(alarm.take()).as("the first").isTrue();
    assertThat(alarm.take()).as("taken").isFalse();

    locks.put(bytes("b"), lock(QUARTER_HOUR + 1));
    assertThat(alarm.take()).as("a later one").isFalse();

    locks.put(bytes("c"), lock(QUARTER_HOUR - 1));
    assertThat(alarm.take()).as("an earlier one").isTrue();

    locks.remove(bytes("c"));
    assertThat(locks.nextEnded(QUARTER_HOUR - 1)).isNull();
    assertThat(alarm.take()).as("the next is later").isFalse();
  }

  /** Each lock that was given back early kept its place until its time: gigabytes of them. */
  @Test
  void locksGivenBackEarly_besideOneThatStays_leaveTheQueueShort() {
    locks.put(bytes("stays"), lock(QUARTER_HOUR));

    for (int i = 1; i <= 100_000; i++) {
      byte[] key = bytes("k" + i);
      locks.put(key, lock(QUARTER_HOUR + i));
      locks.remove(key);
    }

    assertThat(locks.queued()).isLessThan(2_000);
    assertThat(locks.nextDeadline()).isEqualTo(QUARTER_HOUR);
    assertThat(locks.nextEnded(QUARTER_HOUR)).isEqualTo(bytes("stays"));
  }

  @Test
  void manyLocksHeld_keepTheirPlaces() {
    for (int i = 0; i < 10_000; i++) {
      locks.put(bytes("k" + i), lock(QUARTER_HOUR - i));
    }

    assertThat(locks.queued()).isEqualTo(10_000);
    for (int i = 9_999; i >= 0; i--) {
      byte[] key = bytes("k" + i);
      assertThat(locks.nextEnded(QUARTER_HOUR - i)).isEqualTo(key);
      locks.remove(key);
    }
    assertThat(locks.nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }
}
