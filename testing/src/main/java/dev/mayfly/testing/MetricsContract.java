package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Rules;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Counts and times of what is done with a key, where the rules of a door ask for them. */
public abstract class MetricsContract extends StoreContract {
  @Test
  void metrics_keptByRules_countUse() {
    set("a", "one", Lifespan.UNSTATED, GRPC);
    set("b", "one");
    time.advanceMillis(1_000);
    set("a", "one", Lifespan.UNSTATED, GRPC);
    lock("a", 5_000);
    read("a");
    read("a");

    KeyMetrics metrics = Objects.requireNonNull(entry("a").metrics());

    assertThat(metrics.setCount()).isEqualTo(2);
    assertThat(metrics.lockCount()).isEqualTo(1);
    assertThat(metrics.accessCount()).isEqualTo(2);
    assertNear(metrics.firstSetMillis(), time.millis() - 1_000);
    assertNear(metrics.lastSetMillis(), time.millis());
    assertNear(metrics.firstLockedMillis(), time.millis());
    assertNear(metrics.lastAccessedMillis(), time.millis());
    assertThat(entry("b").metrics()).isNull();
  }

  private static void assertNear(long millis, long expectedMillis) {
    assertThat(millis).isBetween(expectedMillis - 10, expectedMillis + 10);
  }

  @Test
  void metrics_beginWithTheFirstWriteWhoseRulesAskForThem() {
    Rules counting = new Rules(1, 1 << 20, Rules.UnstatedLifespan.CLEAR, true, 0, true);
    for (int i = 0; i < 3; i++) {
      set("a", "" + i);
    }
    assertThat(entry("a").metrics()).isNull();

    set("a", "3", Lifespan.UNSTATED, counting);
    set("a", "4");

    assertThat(Objects.requireNonNull(entry("a").metrics()).setCount()).isEqualTo(2);
  }
}
