package dev.mayfly.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SystemTimeTest {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private long wall = 1_000_000;
  private long nanos = -5 * NANOS_PER_MILLI;
  private final SystemTime time = new SystemTime(() -> wall, () -> nanos);

  @Test
  void millis_clockAdvances_followsIt() {
    pass(250);

    assertThat(time.millis()).isEqualTo(1_000_250);
  }

  @Test
  void millis_clockSetForward_jumpsWithIt() {
    wall += 3_600_000;

    assertThat(time.millis()).isEqualTo(4_600_000);
  }

  @Test
  void millis_clockSetBack_goesOnAtItsOwnPace() {
    assertThat(time.millis()).isEqualTo(1_000_000);
    wall -= 3_600_000;

    pass(40);

    assertThat(time.millis()).isEqualTo(1_000_040);
  }

  @Test
  void millis_clockThatWanders_neverGoesBack() {
    long seed = Long.getLong("seed", 42);
    Random random = new Random(seed);
    long before = time.millis();
    for (int i = 0; i < 10_000; i++) {
      nanos += random.nextInt(5_000_000);
      wall += random.nextInt(-50, 60);

      long now = time.millis();

      assertThat(now).as("seed %d, step %d", seed, i).isGreaterThanOrEqualTo(before);
      assertThat(now).isGreaterThanOrEqualTo(wall);
      before = now;
    }
  }

  @Test
  void nanos_anything_isTheMonotonicClock() {
    assertThat(time.nanos()).isEqualTo(nanos);
  }

  private void pass(long millis) {
    wall += millis;
    nanos += millis * NANOS_PER_MILLI;
  }
}
