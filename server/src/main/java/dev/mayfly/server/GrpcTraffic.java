package dev.mayfly.server;

import dev.mayfly.grpc.GrpcLoad;
import dev.mayfly.grpc.GrpcMetrics;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts what the grpc door does, and tells it as metrics.
 *
 * <p>Counting is safe for concurrent use and takes no lock; telling is confined to the scrape.
 */
final class GrpcTraffic implements GrpcMetrics, MetricSource {
  private record Outcome(String method, String code) {}

  private final OutcomeTimers<Outcome> calls =
      new OutcomeTimers<>(
          "mayfly.grpc.calls",
          "Calls to the grpc door, and the time from head to end of answer.",
          outcome -> Tags.of("method", outcome.method(), "code", outcome.code()));
  private final ConnectionMeters connections = new ConnectionMeters();
  private final LongAdder watchesOpened = new LongAdder();
  private final LongAdder watchesClosed = new LongAdder();
  private final LongAdder eventsSent = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder backlogBytes = new LongAdder();
  private final LongAdder repliesCut = new LongAdder();
  private volatile Supplier<GrpcLoad> load = () -> GrpcLoad.NONE;

  /** The door tells here what its calls hold. */
  void source(Supplier<GrpcLoad> load) {
    this.load = load;
  }

  @Override
  public void onCall(String method, String code, long nanos) {
    calls.add(new Outcome(method, code), nanos);
  }

  @Override
  public void onConnectionOpened() {
    connections.onOpened();
  }

  @Override
  public void onConnectionClosed() {
    connections.onClosed();
  }

  @Override
  public void onConnectionRefused() {
    connections.onRefused();
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
  public void onBacklog(long bytes) {
    backlogBytes.add(bytes);
  }

  @Override
  public void onReplyCut() {
    repliesCut.increment();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    calls.bindTo(registry);
    connections.bindTo(registry, "grpc");
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
    Gauge.builder("mayfly.grpc.watch.backlog.bytes", backlogBytes, LongAdder::sum)
        .description("Answers kept for watchers of the grpc door that take them later.")
        .register(registry);
    Gauge.builder("mayfly.grpc.calls.open", this, self -> self.load.get().openCalls())
        .description("Calls of the grpc door that are open, watches included.")
        .register(registry);
    Gauge.builder("mayfly.grpc.input.bytes", this, self -> self.load.get().inputBytes())
        .description("Bytes of requests of the grpc door that have not wholly come, or wait.")
        .register(registry);
    Gauge.builder("mayfly.grpc.output.bytes", this, self -> self.load.get().outputBytes())
        .description("Bytes of replies and events that clients of the grpc door have not taken.")
        .register(registry);
    Gauge.builder("mayfly.grpc.output.waiting", this, self -> self.load.get().waitingOutputs())
        .description("Connections of the grpc door that wait for room for large replies.")
        .register(registry);
    FunctionCounter.builder("mayfly.grpc.replies.cut", repliesCut, LongAdder::sum)
        .description("Calls ended since their clients took nothing while others waited.")
        .register(registry);
  }

  @Override
  public void refresh() {
    calls.refresh();
  }
}
