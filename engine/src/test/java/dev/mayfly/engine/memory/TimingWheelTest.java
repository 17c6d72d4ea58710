package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimingWheelTest {
  private static final long START = 1_800_000_000_123L;
  private static final long YEAR = 365L * 24 * 3600 * 1000;
  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** The highest delay of each kind: around ticks, each level, and beyond the top level. */
  private static final long[] DELAYS = {
    10, 300, 20_000, 2_000_000, 80_000_000L, 50L * 24 * 3600 * 1000, YEAR, 9 * YEAR, 2000 * YEAR
  };

  @ParameterizedTest
  @ValueSource(longs = {0, START, (1L << 38) - 100, 3 * (1L << 38) - 1})
  void wheel_randomOperations_firesInTime(long start) {
    Random random = Seed.random("TimingWheelTest.wheel_randomOperations " + start);
    WheelModel model = new WheelModel(start, random);

    for (int i = 0; i < 20_000; i++) {
      int choice = model.size() == 0 ? 0 : random.nextInt(100);
      long deadline = Math.max(0, model.now() - 20 + delay(random));
      if (choice < 40) {
        model.schedule(deadline);
      } else if (choice < 50) {
        model.cancel(model.any());
      } else if (choice < 65) {
        model.change(model.any(), deadline);
      } else if (choice < 75) {
        model.move(model.any());
      } else if (choice < 80) {
        model.advanceWithinTick(model.now() + random.nextInt(10));
      } else if (choice < 90) {
        advanceFully(model, model.now() + random.nextInt(30));
      } else if (choice < 98) {
        model.advance(model.now() + delay(random), random.nextInt(10));
      } else {
        advanceFully(model, model.now() + delay(random) / 4);
      }
    }
    advanceFully(model, model.now() + 2001 * YEAR);

    assertThat(model.size()).isZero();
    assertThat(model.wheel().nextDue()).isEqualTo(Long.MAX_VALUE);
  }

  private static long delay(Random random) {
    return random.nextLong(DELAYS[random.nextInt(DELAYS.length)]);
  }

  private static void advanceFully(WheelModel model, long toMillis) {
    model.advance(toMillis, UNLIMITED);
    model.verifyNothingLate();
  }

  @Test
  void nextDue_asTheOnlyClock_firesEverythingInTime() {
    Random random = Seed.random("TimingWheelTest.nextDue");
    WheelModel model = new WheelModel(START, random);
    for (int i = 0; i < 2_000; i++) {
      model.schedule(START + delay(random));
    }
    int wakeUps = 0;

    while (model.size() > 0) {
      long due = model.wheel().nextDue();
      assertThat(due).isGreaterThan(model.now());
      advanceFully(model, due);
      wakeUps++;
    }

    assertThat(wakeUps).isLessThan(2_000 * 8);
  }

  @Test
  void advance_smallBudget_goesOnWhereItStopped() {
    WheelModel model = new WheelModel(START, Seed.random("TimingWheelTest.advance_smallBudget"));
    for (int i = 0; i < 1_000; i++) {
      model.schedule(START + 70_000);
    }
    int calls = 0;

    while (!model.advance(START + 70_004, 7)) {
      calls++;
    }

    assertThat(model.fired()).isEqualTo(1_000);
    assertThat(calls).isBetween(1_000 / 7, 1_000 / 7 * 3);
  }

  @Test
  void advance_cascadeWithinBudget_keepsOthersInTime() {
    WheelModel model = new WheelModel(START, Seed.random("TimingWheelTest.advance_cascade"));
    for (int i = 0; i < 1_000; i++) {
      model.schedule(START + 20_000 + i % 100);
    }
    long soon = START / 256 * 256 + 19_712;
    model.advance(soon, 3);
    model.schedule(soon + 1);

    advanceFully(model, soon + 8);

    assertThat(model.fired()).isOne();
    advanceFully(model, START + 20_200);
    assertThat(model.size()).isZero();
  }

  @Test
  void advance_laterDeadline_isPutBackNotFired() {
    WheelModel model = new WheelModel(START, Seed.random("TimingWheelTest.advance_later"));
    int ref = model.schedule(START + 100);
    model.change(ref, START + 100_000);

    advanceFully(model, START + 99_999);

    assertThat(model.fired()).isZero();
    advanceFully(model, START + 100_003);
    assertThat(model.fired()).isOne();
  }

  @Test
  void advance_sinkSchedulesAndCancels_isAllowed() {
    WheelModel model = new WheelModel(START, Seed.random("TimingWheelTest.advance_sink"));
    int first = model.schedule(START + 10);
    int second = model.schedule(START + 10);
    int[] due = {0};

    int done =
        model
            .wheel()
            .advance(
                START + 20,
                UNLIMITED,
                ref -> {
                  due[0] = ref;
                  model.wheel().cancel(ref == first ? second : first);
                });

    assertThat(done).isOne();
    assertThat(due[0]).isIn(first, second);
    assertThat(model.wheel().isScheduled(first) || model.wheel().isScheduled(second)).isFalse();
  }

  @Test
  void advance_clockBehind_doesNothing() {
    WheelModel model = new WheelModel(START, Seed.random("TimingWheelTest.advance_clockBehind"));
    model.schedule(START);

    assertThat(model.wheel().advance(START - 1_000, UNLIMITED, ref -> {})).isZero();
  }

  @Test
  void moved_linksOfAnother_isFound() {
    WheelModel model = new WheelModel(START, Seed.random("TimingWheelTest.moved"));
    int first = model.schedule(START + 10);
    int second = model.schedule(START + 10);

    assertThatThrownBy(() -> model.wheel().moved(first, second))
        .isInstanceOf(MemoryCheckException.class);
  }
}
