package dev.mayfly.server;

import dev.mayfly.http.HttpMetrics;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the http door does, and tells it as metrics.
 *
 * <p>Counting is safe for concurrent use and takes no lock; telling is confined to the scrape.
 */
final class HttpTraffic implements HttpMetrics, MetricSource {
  /** Routes are few and fixed, and so are statuses; a fault that made more must not grow this. */
  private static final int OUTCOMES_MAX = 2000;

  private record Outcome(String route, int status) {}

  private record Tally(LongAdder count, LongAdder nanos) {}

  private final Map<Outcome, Tally> tallies = new ConcurrentHashMap<>();
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Set<Outcome> told = new HashSet<>();
  private @Nullable MeterRegistry registry;

  @Override
  public void onRequest(String route, int status, long nanos) {
    Outcome outcome = new Outcome(route, status);
    Tally tally = tallies.get(outcome);
    if (tally == null) {
      if (tallies.size() >= OUTCOMES_MAX) {
        return;
      }
      tally = tallies.computeIfAbsent(outcome, o -> new Tally(new LongAdder(), new LongAdder()));
    }
    tally.count().increment();
    tally.nanos().add(nanos);
  }

  @Override
  public void onConnectionOpened() {
    opened.increment();
  }

  @Override
  public void onConnectionClosed() {
    closed.increment();
  }

  @Override
  public void onConnectionRefused() {
    refused.increment();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    this.registry = registry;
    FunctionCounter.builder("mayfly.http.connections.opened", opened, LongAdder::sum)
        .description("Connections that the http door took.")
        .register(registry);
    FunctionCounter.builder("mayfly.http.connections.refused", refused, LongAdder::sum)
        .description("Connections that were one too many.")
        .register(registry);
    Gauge.builder("mayfly.http.connections", this, self -> self.opened.sum() - self.closed.sum())
        .description("Connections to the http door that are open.")
        .register(registry);
  }

  /** Tells of outcomes that have occurred for the first time. */
  @Override
  public void refresh() {
    MeterRegistry meters = registry;
    if (meters == null) {
      return;
    }
    tallies.forEach(
        (outcome, tally) -> {
          if (told.add(outcome)) {
            FunctionTimer.builder(
                    "mayfly.http.requests",
                    tally,
                    t -> t.count().sum(),
                    t -> t.nanos().sum(),
                    TimeUnit.NANOSECONDS)
                .tag("route", outcome.route())
                .tag("status", Integer.toString(outcome.status()))
                .description("Requests to the http door, and the time from head to end of answer.")
                .register(meters);
          }
        });
  }
}
