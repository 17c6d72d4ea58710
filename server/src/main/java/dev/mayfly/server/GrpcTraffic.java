package dev.mayfly.server;

import dev.mayfly.grpc.GrpcMetrics;
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
 * Counts what the grpc door does, and tells it as metrics.
 *
 * <p>Counting is safe for concurrent use and takes no lock; telling is confined to the scrape.
 */
final class GrpcTraffic implements GrpcMetrics, MetricSource {
  /** Methods are few and fixed, and so are codes; a fault that made more must not grow this. */
  private static final int OUTCOMES_MAX = 1000;

  private record Outcome(String method, String code) {}

  private record Tally(LongAdder count, LongAdder nanos) {}

  private final Map<Outcome, Tally> tallies = new ConcurrentHashMap<>();
  private final LongAdder connectionsOpened = new LongAdder();
  private final LongAdder connectionsClosed = new LongAdder();
  private final LongAdder connectionsRefused = new LongAdder();
  private final LongAdder watchesOpened = new LongAdder();
  private final LongAdder watchesClosed = new LongAdder();
  private final LongAdder eventsSent = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final Set<Outcome> told = new HashSet<>();
  private @Nullable MeterRegistry registry;

  @Override
  public void onCall(String method, String code, long nanos) {
    Outcome outcome = new Outcome(method, code);
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
    connectionsOpened.increment();
  }

  @Override
  public void onConnectionClosed() {
    connectionsClosed.increment();
  }

  @Override
  public void onConnectionRefused() {
    connectionsRefused.increment();
  }

  @Override
  public void onWatchOpened() {
    watchesOpened.increment();
  }

  @Override
  public void onWatchClosed() {
    watchesClosed.increment();
  }

  @Override
  public void onEventsSent(long events) {
    eventsSent.add(events);
  }

  @Override
  public void onGap() {
    gaps.increment();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    this.registry = registry;
    FunctionCounter.builder("mayfly.grpc.connections.opened", connectionsOpened, LongAdder::sum)
        .description("Connections that the grpc door took.")
        .register(registry);
    Gauge.builder(
            "mayfly.grpc.connections",
            this,
            self -> self.connectionsOpened.sum() - self.connectionsClosed.sum())
        .description("Connections to the grpc door that are open.")
        .register(registry);
    FunctionCounter.builder("mayfly.grpc.connections.refused", connectionsRefused, LongAdder::sum)
        .description("Connections to the grpc door that were closed since too many were open.")
        .register(registry);
    Gauge.builder(
            "mayfly.grpc.watches",
            this,
            self -> self.watchesOpened.sum() - self.watchesClosed.sum())
        .description("Watches through the grpc door that are open.")
        .register(registry);
    FunctionCounter.builder("mayfly.grpc.events.sent", eventsSent, LongAdder::sum)
        .description("Events handed to watchers of the grpc door, the sum over all of them.")
        .register(registry);
    FunctionCounter.builder("mayfly.grpc.watch.gaps", gaps, LongAdder::sum)
        .description("How often a watcher of the grpc door did not keep up and missed events.")
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
                    "mayfly.grpc.calls",
                    tally,
                    t -> t.count().sum(),
                    t -> t.nanos().sum(),
                    TimeUnit.NANOSECONDS)
                .tag("method", outcome.method())
                .tag("code", outcome.code())
                .description("Calls to the grpc door, and the time from head to end of answer.")
                .register(meters);
          }
        });
  }
}
