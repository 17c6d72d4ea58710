package dev.mayfly.server;

import dev.mayfly.resp.CommandCount;
import dev.mayfly.resp.RespLoad;
import dev.mayfly.resp.RespMetrics;
import dev.mayfly.resp.RespStats;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the resp door does as metrics.
 *
 * <p>Counting of connections is safe for concurrent use and takes no lock; telling is confined to
 * the scrape.
 */
final class RespTraffic implements RespMetrics, MetricSource {
  private final ConnectionMeters connections = new ConnectionMeters();
  private final LongAdder cut = new LongAdder();
  private final LongAdder paused = new LongAdder();
  private final BitSet told = new BitSet();
  private volatile Supplier<RespStats> source = () -> RespStats.NONE;
  private volatile Supplier<RespLoad> load = () -> RespLoad.NONE;
  private RespStats stats = RespStats.NONE;
  private @Nullable MeterRegistry registry;

  /** The door tells here what it did with commands, and what its clients keep busy. */
  void source(Supplier<RespStats> stats, Supplier<RespLoad> load) {
    source = stats;
    this.load = load;
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
  public void onConnectionPaused() {
    paused.increment();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    this.registry = registry;
    count("mayfly.resp.commands", RespStats::calls, "Commands that the resp door answered.");
    count(
        "mayfly.resp.errors",
        RespStats::errors,
        "Commands that the resp door answered with an error.");
    count(
        "mayfly.resp.received.bytes",
        RespStats::receivedBytes,
        "Bytes that clients of the resp door sent.");
    count(
        "mayfly.resp.sent.bytes",
        RespStats::sentBytes,
        "Bytes of the replies and messages of the resp door.");
    count("mayfly.resp.hits", RespStats::hits, "Reads by the resp door of keys that were there.");
    count(
        "mayfly.resp.misses",
        RespStats::misses,
        "Reads by the resp door of keys that were not there.");
    count(
        "mayfly.resp.turns.shared",
        RespStats::sharedTurns,
        "Turns of an event loop of the resp door that were large enough for a second thread.");
    connections.bindTo(registry, "resp");
    count(
        "mayfly.resp.connections.cut",
        cut,
        "Clients of the resp door that were cut: subscribers that took no messages, those whose"
            + " commands or replies found no memory, and those that kept it from others.");
    count(
        "mayfly.resp.connections.paused",
        paused,
        "Times that a client of the resp door was held up, since it took no replies.");
    gauge(
        "mayfly.resp.input.bytes",
        RespLoad::inputBytes,
        "Bytes of commands that clients of the resp door sent and that wait to be run.");
    gauge(
        "mayfly.resp.output.bytes",
        RespLoad::outputBytes,
        "Bytes of replies and messages that clients of the resp door have not taken.");
    gauge(
        "mayfly.resp.connections.waiting",
        RespLoad::waiting,
        "Clients of the resp door that wait for room for a large reply.");
  }

  private void gauge(String name, ToDoubleFunction<RespLoad> figure, String description) {
    if (registry != null) {
      Gauge.builder(name, this, self -> figure.applyAsDouble(self.load.get()))
          .description(description)
          .register(registry);
    }
  }

  private void count(String name, LongAdder counter, String description) {
    if (registry != null) {
      FunctionCounter.builder(name, counter, LongAdder::sum)
          .description(description)
          .register(registry);
    }
  }

  private void count(String name, ToDoubleFunction<RespStats> figure, String description) {
    if (registry != null) {
      FunctionCounter.builder(name, this, self -> figure.applyAsDouble(self.stats))
          .description(description)
          .register(registry);
    }
  }

  /** Tells of commands that were sent for the first time. */
  @Override
  public void refresh() {
    MeterRegistry meters = registry;
    stats = source.get();
    for (int i = 0; i < stats.commands().size(); i++) {
      if (meters != null && stats.commands().get(i).calls() > 0 && !told.get(i)) {
        told.set(i);
        tell(i, stats.commands().get(i).command(), meters);
      }
    }
  }

  private CommandCount command(int index) {
    return stats.commands().get(index);
  }

  private void tell(int index, String command, MeterRegistry meters) {
    FunctionCounter.builder("mayfly.resp.command.calls", this, t -> t.command(index).calls())
        .tag("command", command)
        .description("How often the resp door answered a command.")
        .register(meters);
    FunctionCounter.builder("mayfly.resp.command.errors", this, t -> t.command(index).errors())
        .tag("command", command)
        .description("How often the resp door answered a command with an error.")
        .register(meters);
    FunctionTimer.builder(
            "mayfly.resp.command.timed",
            this,
            t -> t.command(index).timed(),
            t -> t.command(index).timedNanos(),
            TimeUnit.NANOSECONDS)
        .tag("command", command)
        .description("Commands of the resp door whose time was taken, one in 64, and that time.")
        .register(meters);
  }
}
