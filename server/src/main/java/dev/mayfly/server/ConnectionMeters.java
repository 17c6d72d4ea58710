package dev.mayfly.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the connections of a door.
 *
 * <p>Counting is safe for concurrent use and takes no lock; telling is confined to the scrape.
 */
final class ConnectionMeters {
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** One was taken. */
  void onOpened() {
    opened.increment();
  }

  /** One that was taken is closed. */
  void onClosed() {
    closed.increment();
  }

  /** One was closed at once. */
  void onRefused() {
    refused.increment();
  }

  /** Adds the meters, named after the door. */
  void bindTo(MeterRegistry registry, String door) {
    String name = "mayfly." + door + ".connections";
    Gauge.builder(name, this, self -> self.opened.sum() - self.closed.sum())
        .description("Connections to the %s door that are open.".formatted(door))
        .register(registry);
    FunctionCounter.builder(name + ".opened", opened, LongAdder::sum)
        .description("Connections that the %s door took.".formatted(door))
        .register(registry);
    FunctionCounter.builder(name + ".refused", refused, LongAdder::sum)
        .description(
            "Connections that the %s door closed at once, since there were too many."
                .formatted(door))
        .register(registry);
  }
}
