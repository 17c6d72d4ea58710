package dev.mayfly.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PruneOrderTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long HOUR = 3_600_000;

  private static KeyMetrics set(long first, long last) {
    return new KeyMetrics(0, 0, 0, 1, first, last, 0, 0, 0);
  }

  private static double score(KeyMetrics metrics) {
    return PruneOrder.score(metrics, NOW);
  }

  @Test
  void score_olderAndLessUsed_isLower() {
    KeyMetrics old = set(NOW - 12 * HOUR, NOW - 12 * HOUR);
    KeyMetrics updated = set(NOW - 12 * HOUR, NOW - 11 * HOUR);
    KeyMetrics created = set(NOW - 1, NOW - 1);
    KeyMetrics locked = new KeyMetrics(0, 0, 0, 1, NOW - 1, NOW - 1, 1, NOW - 1, NOW - 1);

    assertThat(score(old)).isLessThan(score(updated));
    assertThat(score(updated)).isLessThan(score(created));
    assertThat(score(created)).isLessThan(score(locked));
  }

  @Test
  void score_usedWhileThePruneRuns_isNotThatOfAnIdleKey() {
    KeyMetrics idle = set(NOW - HOUR, NOW - HOUR);
    KeyMetrics read = new KeyMetrics(1, NOW - HOUR, NOW, 1, NOW - HOUR, NOW - HOUR, 0, 0, 0);
    KeyMetrics later = new KeyMetrics(1, NOW - HOUR, NOW + 5, 1, NOW - HOUR, NOW - HOUR, 0, 0, 0);

    assertThat(score(idle)).isLessThan(score(read));
    assertThat(score(later)).isEqualTo(score(read));
    assertThat(PruneOrder.score(NOW - HOUR, 0, NOW)).isLessThan(PruneOrder.score(NOW, 0, NOW));
  }
}
