package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.testing.Linearizability.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  /** A register: a positive operation writes, 0 reads. */
  private static @Nullable Integer register(Integer state, Integer operation, Integer result) {
    if (operation != 0) {
      return operation;
    }
    return result.equals(state) ? state : null;
  }

  private static Call<Integer, Integer> write(int value, long from, long to) {
    return new Call<>(value, 0, from, to);
  }

  private static Call<Integer, Integer> read(int value, long from, long to) {
    return new Call<>(0, value, from, to);
  }

  private static boolean holds(List<Call<Integer, Integer>> calls) {
    return Linearizability.holds(0, calls, LinearizabilityTest::register);
  }

  @Test
  void holds_readsBesideAWrite_mayBeEither() {
    assertThat(holds(List.of(write(1, 0, 9), read(0, 1, 2), read(1, 3, 4)))).isTrue();
    assertThat(holds(List.of(write(1, 0, 9), read(1, 1, 2), read(1, 3, 4)))).isTrue();
  }

  @Test
  void holds_newThenOld_isImpossible() {
    assertThat(holds(List.of(write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)))).isFalse();
  }

  @Test
  void holds_staleRead_isImpossible() {
    assertThat(holds(List.of(write(1, 0, 1), read(0, 2, 3)))).isFalse();
    assertThat(holds(List.of(write(1, 0, 2), read(0, 1, 3)))).isTrue();
  }

  @Test
  void holds_valueNobodyWrote_isImpossible() {
    assertThat(holds(List.of(write(1, 0, 5), write(2, 1, 6), read(3, 2, 7)))).isFalse();
  }
}
