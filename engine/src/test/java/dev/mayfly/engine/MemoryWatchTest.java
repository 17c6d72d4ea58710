package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.EventFilter;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.Watch;
import dev.mayfly.testing.OpenStore;
import dev.mayfly.testing.StoreLimits;
import dev.mayfly.testing.VirtualTime;
import dev.mayfly.testing.WatchContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryWatchTest extends WatchContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return MemoryStores.open(limits, time);
  }

  @Test
  void watch_overtaken_tellsHowMuchIsMissing() {
    Watch watch = open(EventFilter.ALL, null, false, SlowPolicy.NOTICE);
    long before = store().events().newestRevision();
    String value = "v".repeat(10_000);
    for (int i = 0; i < 1_000; i++) {
      set("k" + i % 10, value + i);
    }
    long oldest = store().events().oldestRevision();

    List<String> told = poll(watch);

    assertThat(told.getFirst()).isEqualTo("gap");
    assertThat(gaps().getFirst().missedRevisions()).isEqualTo(oldest - before - 1);
    assertThat(gaps().getFirst().oldestRevision()).isEqualTo(oldest);
    assertThat(told).hasSize((int) (store().events().newestRevision() - oldest + 2));
  }

  @Test
  void watch_overtakenInTheState_tellsTheGapAndEveryKey() {
    set("quiet", "1");
    Watch watch = open(EventFilter.ALL, null, true, SlowPolicy.NOTICE);
    String value = "v".repeat(10_000);
    for (int i = 0; i < 1_000; i++) {
      set("k" + i % 10, value + i);
    }

    List<String> told = poll(watch);

    assertThat(told).contains("gap", "state quiet=1", "end of state");
    for (int i = 0; i < 10; i++) {
      String last = "k" + i + "=" + value + (990 + i);
      assertThat(told).containsAnyOf("UPDATED " + last, "state " + last);
    }
  }

  @Test
  void watch_coalescingAndOvertaken_resumesBeforeTheGapUntilItIsTold() {
    Watch watch = open(EventFilter.ALL, null, false, SlowPolicy.COALESCE);
    set("a", "1");
    watch.absorb();
    long told = store().events().newestRevision();
    String value = "v".repeat(10_000);
    for (int i = 0; i < 1_000; i++) {
      set("k" + i % 10, value + i);
    }

    assertThat(pollOnce(watch)).isTrue();

    assertThat(watch.position()).isEqualTo(new ResumeToken(store().events().incarnation(), told));
    assertThat(poll(watch)).startsWith("gap").hasSize(11);
  }

  @Test
  void watch_coalescingAbsorbs_isNotOvertaken() {
    Watch watch = open(EventFilter.ALL, null, false, SlowPolicy.COALESCE);
    String value = "v".repeat(10_000);
    for (int i = 0; i < 1_000; i++) {
      set("k" + i % 10, value + i);
      watch.absorb();
    }

    List<String> told = poll(watch);

    assertThat(told).hasSize(10).doesNotContain("gap");
    assertThat(told.getLast()).endsWith(value + 999);
  }
}
