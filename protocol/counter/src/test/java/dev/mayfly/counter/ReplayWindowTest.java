package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** At the edges of the replay window: of time, of numbers and of sessions. */
class ReplayWindowTest {
  private static final long START = 1_700_000_000_000L;
  private static final long SKEW = ReplayWindow.SKEW_MILLIS_MAX;
  private static final long NOW = START + 10 * SKEW;

  private final ReplayWindow window = new ReplayWindow(START);

  @Test
  void timestamp_upToTheSkewEitherWay_isTaken_andOneMillisecondBeyondIsNot() {
    assertThat(window.accept(1, 1, NOW - SKEW, NOW)).isTrue();
    assertThat(window.accept(1, 2, NOW + SKEW, NOW)).isTrue();

    assertThat(window.accept(1, 3, NOW - SKEW - 1, NOW)).isFalse();
    assertThat(window.accept(1, 4, NOW + SKEW + 1, NOW)).isFalse();
    assertThat(window.accept(1, 5, Long.MAX_VALUE, NOW)).isFalse();
    assertThat(window.accept(1, 6, Long.MIN_VALUE, NOW)).isFalse();
    assertThat(window.accept(1, 3, NOW, NOW)).as("what was refused is not remembered").isTrue();
  }

  @Test
  void timestamp_beforeTheStart_isRefused_whateverTheSkewAllows() {
    assertThat(window.accept(1, 1, START, START)).isTrue();

    assertThat(window.accept(1, 2, START - 1, START)).isFalse();
  }

  @Test
  void number_theLast1024_areTakenLate_andTheOneBeforeIsNot() {
    long highest = 5_000;
    assertThat(window.accept(1, highest, NOW, NOW)).isTrue();

    assertThat(window.accept(1, highest - ReplayWindow.NUMBERS, NOW, NOW)).isFalse();
    assertThat(window.accept(1, highest - ReplayWindow.NUMBERS + 1, NOW, NOW)).isTrue();
    assertThat(window.accept(1, highest - ReplayWindow.NUMBERS + 1, NOW, NOW)).isFalse();
  }

  @Test
  void number_notPositive_isRefused_andTheHighestIsTakenOnce() {
    assertThat(window.accept(1, 0, NOW, NOW)).isFalse();
    assertThat(window.accept(1, -1, NOW, NOW)).isFalse();
    assertThat(window.accept(1, Long.MIN_VALUE, NOW, NOW)).isFalse();

    assertThat(window.accept(1, Long.MAX_VALUE, NOW, NOW)).isTrue();
    assertThat(window.accept(1, Long.MAX_VALUE, NOW, NOW)).isFalse();
    assertThat(window.accept(1, Long.MAX_VALUE - 1, NOW, NOW)).isTrue();
    assertThat(window.accept(1, 1, NOW, NOW)).isFalse();
  }

  @Test
  void numbers_inAnyOrder_areThoseOfAPlainSet() {
    long seed = Long.getLong("seed", 20);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Set<Long> seen = new HashSet<>();
    long highest = 0;
    for (int i = 0; i < 100_000; i++) {
      long step = random.nextInt(100) == 0 ? random.nextInt(3_000) : random.nextInt(8);
      long number = Math.max(1, highest + step - random.nextInt(1_100));
      boolean expected = highest - number < ReplayWindow.NUMBERS && !seen.contains(number);

      assertThat(window.accept(9, number, NOW, NOW))
          .as("%d of seed %d", i, seed)
          .isEqualTo(expected);

      seen.add(number);
      highest = Math.max(highest, number);
    }
  }

  @Test
  void session_isNotForgotten_whileOneOfItsFramesCouldBeReplayed() {
    for (long session = 0; session < ReplayWindow.SESSIONS_MAX; session++) {
      assertThat(window.accept(session, 1, NOW, NOW)).isTrue();
    }

    long last = NOW + SKEW;
    assertThat(window.accept(-1, 1, last, last)).as("the oldest may come once more").isFalse();
    assertThat(window.accept(0, 1, NOW, last)).as("and is known").isFalse();
    long later = last + 1_000;
    assertThat(window.accept(-1, 1, later, later)).isTrue();
    assertThat(window.accept(0, 1, NOW, later)).as("forgotten, and too old").isFalse();
  }
}
