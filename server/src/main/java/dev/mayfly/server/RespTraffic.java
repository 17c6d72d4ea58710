package dev.mayfly.server;

import dev.mayfly.resp.RespMetrics;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
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
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder refused = new LongAdder();
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
    Gauge.builder("mayfly.resp.connections", this, self -> self.opened.sum() - self.closed.sum())
        .description("Connections to the resp door that are open.")
        .register(registry);
    FunctionCounter.builder("mayfly.resp.connections.opened", opened, LongAdder::sum)
        .description("Connections that the resp door took.")
        .register(registry);
    FunctionCounter.builder("mayfly.resp.connections.refused", refused, LongAdder::sum)
        .description("Connections that the resp door closed at once, since there were too many.")
        .register(registry);
    FunctionCounter.builder("mayfly.resp.connections.cut", cut, LongAdder::sum)
        .description("Subscribers of the resp door that were cut, since they took no messages.")
        .register(registry);
  }

  @Override
  public void refresh() {}
}
