package dev.mayfly.telemetry;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text that {@code /metrics} answers with, from all sources.
 *
 * <p>The registry and its classes are made at the first scrape: a server that starts does not wait
 * for them. Safe for concurrent use; scrapes take turns, so not for an event loop.
 */
public final class ScrapedMetrics implements AutoCloseable {
  private static final String OPEN_METRICS = "application/openmetrics-text";

  /** What the answer is in OpenMetrics form. */
  static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";

  /** What the answer is in the older Prometheus form. */
  static final String PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final List<MetricSource> sources;
  private @Nullable PrometheusMeterRegistry registry;
  private boolean closed;

  /** Metrics of these sources; those of the process itself come with them. */
  public ScrapedMetrics(List<MetricSource> sources) {
    this.sources = List.copyOf(sources);
  }

  /** The form to answer with, as the request's Accept header asks. */
  static String contentType(@Nullable String accept) {
    boolean open = accept != null && accept.contains(OPEN_METRICS);
    return open ? OPEN_METRICS_TYPE : PROMETHEUS_TYPE;
  }

  /** Everything, in the form of the content type. */
  synchronized String scrape(String contentType) {
    if (closed) {
      return "";
    }
    PrometheusMeterRegistry current = registry;
    if (current == null) {
      current = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      for (MetricSource source : sources) {
        source.bindTo(current);
      }
      registry = current;
    }
    sources.forEach(MetricSource::refresh);
    return current.scrape(contentType);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (registry != null) {
      registry.close();
    }
  }
}
