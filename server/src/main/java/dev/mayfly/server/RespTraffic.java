package dev.mayfly.server;

import dev.mayfly.resp.RespMetrics;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what the resp door does, and tells it as metrics.
 *
 * <p>Counting is safe for concurrent use and takes no lock; telling is confined to the scrape.
 */
final class RespTraffic implements RespMetrics, MetricSource {
  private final LongAdder commands = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final ConnectionMeters connections = new ConnectionMeters();
  private final LongAdder cut = new LongAdder();

  @Override
  public void onCommands(long commands, long errors) {
    this.commands.add(commands);
    if (errors > 0) {
      this.errors.add(errors);
    }
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
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("mayfly.resp.commands", commands, LongAdder::sum)
        .description("Commands that the resp door answered.")
        .register(registry);
    FunctionCounter.builder("mayfly.resp.errors", errors, LongAdder::sum)
        .description("Commands that the resp door answered with an error.")
        .register(registry);
    connections.bindTo(registry, "resp");
    FunctionCounter.builder("mayfly.resp.connections.cut", cut, LongAdder::sum)
        .description("Subscribers of the resp door that were cut, since they took no messages.")
        .register(registry);
  }

  @Override
  public void refresh() {}
}
