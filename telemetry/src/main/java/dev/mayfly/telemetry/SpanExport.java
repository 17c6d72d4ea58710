package dev.mayfly.telemetry;

import dev.mayfly.store.Span;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sends spans to a collector, as OpenTelemetry's environment variables say: {@code OTEL_*}, with
 * OTLP over HTTP where they say nothing. What asked for the work is its parent, by W3C Trace
 * Context.
 *
 * <p>Safe for concurrent use. Spans wait in a bounded queue and go when it is full, so that a
 * collector that is away costs nothing else. Owns the thread that sends them.
 */
public final class SpanExport implements Spans, AutoCloseable {
  private static final long LAST_WORDS_MILLIS = 2_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name",
          "mayfly",
          "otel.exporter.otlp.protocol",
          "http/protobuf",
          "otel.metrics.exporter",
          "none",
          "otel.logs.exporter",
          "none");

  private static final TextMapGetter<Span> FIELDS =
      (span, name) -> span == null || span.fields() == null ? null : span.fields().apply(name);

  private final OpenTelemetrySdk sdk;
  private final TextMapPropagator propagator;
  private final Tracer tracer;
  private final TimeSource time;

  SpanExport(OpenTelemetrySdk sdk, String version, TimeSource time) {
    this.sdk = sdk;
    this.time = time;
    propagator = sdk.getPropagators().getTextMapPropagator();
    tracer =
        sdk.getTracerProvider().tracerBuilder("mayfly").setInstrumentationVersion(version).build();
  }

  /**
   * Begins to send.
   *
   * @param server what this server is called
   * @throws IllegalArgumentException if an environment variable makes no sense; the message names
   *     it
   */
  public static SpanExport open(String server, String version, TimeSource time) {
    Attributes self =
        Attributes.of(
            AttributeKey.stringKey("service.instance.id"),
            server,
            AttributeKey.stringKey("service.version"),
            version);
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(() -> DEFAULTS)
              // What the environment says of them is worth more.
              .addResourceCustomizer((given, config) -> Resource.create(self).merge(given))
              .build()
              .getOpenTelemetrySdk();
      return new SpanExport(sdk, version, time);
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException("traces cannot be sent: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public void onEnd(Span span) {
    long endNanos = time.millis() * NANOS_PER_MILLI;
    boolean asked = span.fields() != null;
    SpanBuilder builder =
        tracer
            .spanBuilder(span.name())
            .setParent(propagator.extract(Context.root(), span, FIELDS))
            .setSpanKind(asked ? SpanKind.SERVER : SpanKind.INTERNAL)
            .setAllAttributes(attributes(span))
            .setStartTimestamp(endNanos - span.nanos(), TimeUnit.NANOSECONDS);
    io.opentelemetry.api.trace.Span told = builder.startSpan();
    if (span.error() != null) {
      told.setStatus(StatusCode.ERROR, span.error());
    }
    told.end(endNanos, TimeUnit.NANOSECONDS);
  }

  private static Attributes attributes(Span span) {
    AttributesBuilder attributes = Attributes.builder();
    span.attributes()
        .forEach(
            (name, value) -> {
              if (value instanceof Long number) {
                attributes.put(name, number.longValue());
              } else {
                attributes.put(name, value.toString());
              }
            });
    return attributes.build();
  }

  /** Sends what waits, for at most two seconds. */
  @Override
  public void close() {
    sdk.shutdown().join(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
  }
}
