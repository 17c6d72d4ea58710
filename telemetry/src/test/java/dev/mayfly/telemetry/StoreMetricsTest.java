package dev.mayfly.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoreMetricsTest {
  private final AtomicInteger looks = new AtomicInteger();

  private final ScrapedMetrics metrics =
      new ScrapedMetrics(
          List.of(new StoreMetrics(() -> TestStats.of(looks.incrementAndGet()), () -> 77)));

  @Test
  void scrape_everyFigure_isThere() {
    String text = metrics.scrape(ScrapedMetrics.OPEN_METRICS_TYPE);

    assertThat(text.lines())
        .contains(
            "mayfly_value_bytes 2.0",
            "mayfly_bytes 3.0",
            "mayfly_bytes_max 4.0",
            "mayfly_keys_max 5.0",
            "mayfly_locks 6.0",
            "mayfly_lock_waiters 66.0",
            "mayfly_clients 7.0",
            "mayfly_keys_expiring 8.0",
            "mayfly_history_keys 9.0",
            "mayfly_history_versions 10.0",
            "mayfly_prunes_eager_total 11.0",
            "mayfly_prunes_total 12.0",
            "mayfly_pruned_keys_total 13.0",
            "mayfly_expiry_lag_seconds 1.5",
            "mayfly_revision 14.0",
            "mayfly_readonly 1.0",
            "mayfly_event_log_oldest_revision 77.0",
            "mayfly_events_total{kind=\"created\"} 101.0",
            "mayfly_events_total{kind=\"lifespan_renewed\"} 110.0")
        .endsWith("# EOF");
  }

  @Test
  void scrape_again_looksOnceMoreAndOnlyOnce() {
    metrics.scrape(ScrapedMetrics.PROMETHEUS_TYPE);
    int before = looks.get();

    String text = metrics.scrape(ScrapedMetrics.PROMETHEUS_TYPE);

    assertThat(looks.get()).isEqualTo(before + 1);
    assertThat(text).contains("mayfly_keys " + looks.get() + ".0\n").doesNotContain("# EOF");
  }
}
