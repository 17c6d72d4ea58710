package dev.mayfly.server;

import dev.mayfly.http.HttpLoad;
import dev.mayfly.http.HttpMetrics;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts what the http door does, and tells it as metrics.
 *
 * <p>Counting is safe for concurrent use and takes no lock; telling is confined to the scrape.
 */
final class HttpTraffic implements HttpMetrics, MetricSource {
  private record Outcome(String route, int status) {}

  private final OutcomeTimers<Outcome> requests =
      new OutcomeTimers<>(
          "mayfly.http.requests",
          "Requests to the http door, and the time from head to end of answer.",
          outcome ->
              Tags.of("route", outcome.route(), "status", Integer.toString(outcome.status())));
  private final ConnectionMeters connections = new ConnectionMeters();
  private final LongAdder cut = new LongAdder();
  private final LongAdder repliesCut = new LongAdder();
  private volatile Supplier<HttpLoad> load = () -> HttpLoad.NONE;

  /** The door tells here what it holds for clients. */
  void source(Supplier<HttpLoad> load) {
    this.load = load;
  }

  @Override
  public void onRequest(String route, int status, long nanos) {
    requests.add(new Outcome(route, status), nanos);
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
  public void onConnectionCut() {
    cut.increment();
  }

  @Override
  public void onReplyCut() {
    repliesCut.increment();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    requests.bindTo(registry);
    connections.bindTo(registry, "http");
    FunctionCounter.builder("mayfly.http.connections.cut", cut, LongAdder::sum)
        .description(
            "Connections that the http door closed, since too many requests waited for the answers"
                + " to earlier ones, a head found no room, or took too long.")
        .register(registry);
    Gauge.builder("mayfly.http.input.bytes", this, self -> self.load.get().inputBytes())
        .description("Bytes of large heads and of bodies of requests that are not answered.")
        .register(registry);
    Gauge.builder("mayfly.http.output.bytes", this, self -> self.load.get().outputBytes())
        .description("Bytes of answers that clients of the http door have not taken.")
        .register(registry);
    Gauge.builder("mayfly.http.output.waiting", this, self -> self.load.get().outputWaiting())
        .description("Connections to the http door whose answers wait for room.")
        .register(registry);
    FunctionCounter.builder("mayfly.http.replies.cut", repliesCut, LongAdder::sum)
        .description("Connections closed whose clients took nothing while others waited.")
        .register(registry);
  }

  @Override
  public void refresh() {
    requests.refresh();
  }
}
