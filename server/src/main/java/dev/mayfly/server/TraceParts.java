package dev.mayfly.server;

import dev.mayfly.store.Span;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import dev.mayfly.telemetry.SpanExport;
import java.util.Map;

/**
 * Whom spans are told to, as the configuration says. Nothing of OpenTelemetry is loaded where
 * nobody wants them. Safe for concurrent use.
 */
final class TraceParts implements AutoCloseable {
  private final Spans spans;
  private final Runnable onClose;
  private final TimeSource time;

  private TraceParts(Spans spans, Runnable onClose, TimeSource time) {
    this.spans = spans;
    this.onClose = onClose;
    this.time = time;
  }

  /**
   * Begins to tell, if that is asked for.
   *
   * @throws StartException if the environment of OpenTelemetry makes no sense
   */
  static TraceParts open(MayflyConfig config, TimeSource time) {
    if (!config.isTracing()) {
      return new TraceParts(Spans.OFF, () -> {}, time);
    }
    try {
      SpanExport export = SpanExport.open(config.name(), ServerVersion.text(), time);
      return new TraceParts(export, export::close, time);
    } catch (IllegalArgumentException e) {
      throw StartException.circumstance(String.valueOf(e.getMessage()), e);
    }
  }

  Spans spans() {
    return spans;
  }

  /** Tells of work of the server's own that has just ended. */
  void tell(String name, long startNanos) {
    spans.onEnd(Span.own(name, time.nanos() - startNanos, Map.of(), null));
  }

  /** Sends what waits. */
  @Override
  public void close() {
    onClose.run();
  }
}
