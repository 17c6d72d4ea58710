package dev.mayfly.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of a part that gives all of its figures at once: one look at them per scrape, however
 * many meters tell of it. Confined to the scrape.
 *
 * @param <S> the figures, as they were at one moment
 */
public abstract class SampledMetrics<S> implements MetricSource {
  private final Supplier<S> source;
  private S figures;

  /**
   * The metrics of a part.
   *
   * @param source what it gives at the moment, asked now and for each scrape
   */
  protected SampledMetrics(Supplier<S> source) {
    this.source = source;
    this.figures = source.get();
  }

  @Override
  public final void refresh() {
    figures = source.get();
  }

  /** Adds a meter of what goes up and down. */
  protected final void gauge(
      MeterRegistry registry, String name, String doc, ToDoubleFunction<S> figure) {
    Gauge.builder(name, this, self -> figure.applyAsDouble(self.figures))
        .description(doc)
        .register(registry);
  }

  /** Adds a meter of what only grows. */
  protected final void counter(
      MeterRegistry registry, String name, String doc, ToDoubleFunction<S> figure) {
    counterBuilder(name, figure).description(doc).register(registry);
  }

  /** A meter of what only grows, to be tagged and described. */
  final FunctionCounter.Builder<SampledMetrics<S>> counterBuilder(
      String name, ToDoubleFunction<S> figure) {
    return FunctionCounter.builder(name, this, self -> figure.applyAsDouble(self.figures));
  }
}
