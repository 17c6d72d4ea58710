package dev.mayfly.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnsentBytesTest {
  private static final long MAX = 128 << 20;

  @Test
  void readMax_nothingHeld_isTheMost() {
    assertThat(new UnsentBytes(MAX).readMax()).isEqualTo(UnsentBytes.READ_MAX);
  }

  @Test
  void readMax_boundReachedOrPassed_isTheLeast() {
    UnsentBytes unsent = new UnsentBytes(MAX);

    unsent.add(MAX);
    assertThat(unsent.readMax()).isEqualTo(UnsentBytes.READ_MIN);
    unsent.add(MAX);
    assertThat(unsent.readMax()).isEqualTo(UnsentBytes.READ_MIN);
    unsent.add(-2 * MAX);
    assertThat(unsent.readMax()).isEqualTo(UnsentBytes.READ_MAX);
    assertThat(unsent.held()).isZero();
  }

  @Test
  void readMax_smallBound_isTheLeast() {
    assertThat(new UnsentBytes(1).readMax()).isEqualTo(UnsentBytes.READ_MIN);
  }

  @Test
  void manySlowReaders_eachHoldWhatTheyMay_sumStaysNearTheBound() {
    UnsentBytes unsent = new UnsentBytes(MAX);
    int readers = 20_000;

    for (int i = 0; i < readers; i++) {
      // What a flow holds at most: reading ends once there is more than one read may bring.
      unsent.add(2L * unsent.readMax());
    }

    assertThat(unsent.held()).isBetween(MAX / 2, MAX + 2L * readers * UnsentBytes.READ_MIN);
  }
}
