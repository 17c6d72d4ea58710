package dev.mayfly.telemetry;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * A part of the server that has numbers to tell.
 *
 * <p>It is asked only when somebody asks for metrics, never on the path of a request; called by one
 * thread at a time.
 */
public interface MetricSource {
  /** Adds its meters, once; their functions are called on every scrape, after {@link #refresh}. */
  void bindTo(MeterRegistry registry);

  /** Takes a look at what the meters of one scrape will tell. */
  void refresh();
}
