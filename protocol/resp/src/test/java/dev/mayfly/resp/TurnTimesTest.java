package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnTimesTest {
  private static final int TURNS = 20_000;
  private static final long BYTES = 20_000;

  /** Of so many turns few are trials. */
  private static final int TRIED_MAX = TURNS / 50;

  private final TurnTimes times = new TurnTimes();

  @Test
  void begins_withSharing() {
    assertThat(times.isShared()).isTrue();
  }

  @Test
  void sharing_isKept_whereItIsFaster() {
    assertThat(sharedOf(TURNS, 1.0, 1.2)).isGreaterThan(TURNS - TRIED_MAX);
  }

  @Test
  void sharing_isLeft_whereItIsSlower() {
    assertThat(sharedOf(TURNS, 1.2, 1.0)).isBetween(TurnTimes.TRIAL_TURNS, TRIED_MAX);
  }

  @Test
  void sharing_isLeft_whereItIsHardlyFaster() {
    assertThat(sharedOf(TURNS, 0.97, 1.0)).isBetween(TurnTimes.TRIAL_TURNS, TRIED_MAX);
  }

  @Test
  void slowStart_isForgotten() {
    // While the worker's code is not compiled yet, it takes ten times as long.
    sharedOf(2 * TurnTimes.KEPT_TURNS, 10, 1.0);

    int trials = 3 * (TurnTimes.KEPT_TURNS + TurnTimes.TRIAL_TURNS);
    assertThat(sharedOf(trials, 0.8, 1.0)).isGreaterThan(TurnTimes.KEPT_TURNS);
  }

  @Test
  void change_isFoundOut() {
    sharedOf(TURNS, 1.2, 1.0);

    int after = 2 * (TurnTimes.KEPT_TURNS + TurnTimes.TRIAL_TURNS);
    sharedOf(after, 1.0, 1.2);

    assertThat(sharedOf(TURNS, 1.0, 1.2)).isGreaterThan(TURNS - TRIED_MAX);
  }

  @Test
  void size_ofTurns_makesNoDifference() {
    int shared = 0;
    for (int i = 0; i < TURNS; i++) {
      // Those alone are ten times as large, and take nine times as long.
      long bytes = times.isShared() ? BYTES : 10 * BYTES;
      shared += times.isShared() ? 1 : 0;
      times.onTurn(bytes, times.isShared() ? BYTES : 9 * BYTES);
    }
    assertThat(shared).isLessThan(TRIED_MAX);
  }

  @Test
  void oneTurn_inWhichAllStoodStill_doesNotDecide() {
    int shared = 0;
    for (int i = 0; i < TURNS; i++) {
      boolean isShared = times.isShared();
      shared += isShared ? 1 : 0;
      // The last of each trial loses its processor for a thousand times as long.
      long usual = isShared ? BYTES : 2 * BYTES;
      times.onTurn(BYTES, isShared && i % TurnTimes.KEPT_TURNS == 11 ? 1000 * usual : usual);
    }
    assertThat(shared).isGreaterThan(TURNS - TRIED_MAX);
  }

  @Test
  void firstTurns_ofATrial_doNotCount() {
    int shared = 0;
    int inRow = 0;
    for (int i = 0; i < TURNS; i++) {
      boolean isShared = times.isShared();
      inRow = isShared ? inRow + 1 : 0;
      shared += isShared ? 1 : 0;
      // The worker wakes up slowly, then is faster.
      boolean isCold = isShared && inRow <= TurnTimes.WARM_UP_TURNS;
      times.onTurn(BYTES, isCold ? 50 * BYTES : isShared ? BYTES : 2 * BYTES);
    }
    assertThat(shared).isGreaterThan(TURNS - TRIED_MAX);
  }

  /** How many of the turns are shared, which take so long for each byte. */
  private int sharedOf(int turns, double nanosShared, double nanosAlone) {
    int shared = 0;
    for (int i = 0; i < turns; i++) {
      boolean isShared = times.isShared();
      shared += isShared ? 1 : 0;
      times.onTurn(BYTES, (long) (BYTES * (isShared ? nanosShared : nanosAlone)));
    }
    return shared;
  }
}
