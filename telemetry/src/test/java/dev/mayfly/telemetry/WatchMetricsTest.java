package dev.mayfly.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.WatchStats;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchMetricsTest {
  @Test
  void scrape_everyFigure_isThere() {
    ScrapedMetrics metrics =
        new ScrapedMetrics(List.of(new WatchMetrics(() -> new WatchStats(1, 2, 3, 4, 5))));

    assertThat(metrics.scrape(ScrapedMetrics.OPEN_METRICS_TYPE).lines())
        .contains(
            "mayfly_watchers 1.0",
            "mayfly_watch_gaps_total 2.0",
            "mayfly_watch_missed_revisions_total 3.0",
            "mayfly_watch_coalesced_events_total 4.0",
            "mayfly_accesses_dropped_total 5.0");
  }
}
