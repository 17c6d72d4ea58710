package dev.mayfly.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Span;
import dev.mayfly.testing.VirtualTime;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpanExportTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";

  private final InMemorySpanExporter sent = InMemorySpanExporter.create();
  private final VirtualTime time = new VirtualTime();

  @Test
  void request_withTraceContext_continuesItsCallersTrace() {
    Map<String, String> fields = Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-01");
    Span span = new Span("GET /v1/keys/{key}", 5_000_000, Map.of("key", "k"), null, fields::get);

    SpanData told = told(span);

    assertThat(told.getTraceId()).isEqualTo(TRACE);
    assertThat(told.getParentSpanId()).isEqualTo(CALLER);
    assertThat(told.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(told.getName()).isEqualTo("GET /v1/keys/{key}");
    assertThat(told.getAttributes().get(AttributeKey.stringKey("key"))).isEqualTo("k");
    assertThat(told.getEndEpochNanos()).isEqualTo(time.millis() * 1_000_000);
    assertThat(told.getStartEpochNanos()).isEqualTo(told.getEndEpochNanos() - 5_000_000);
    assertThat(told.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void request_ofCallerWhoDoesNotRecord_isNotSent() {
    Map<String, String> fields = Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-00");

    export(new Span("GET /v1/keys/{key}", 1, Map.of(), null, fields::get));

    assertThat(sent.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void request_withBadTraceContext_beginsATrace() {
    SpanData told = told(new Span("POST /api", 1, Map.of(), null, field -> "no such thing"));

    assertThat(told.getParentSpanContext().isValid()).isFalse();
    assertThat(told.getKind()).isEqualTo(SpanKind.SERVER);
  }

  @Test
  void ownWork_thatFailed_hasItsErrorAndNumbers() {
    SpanData told = told(Span.own("snapshot", 1, Map.of("entries", 7L), "the disk is full"));

    assertThat(told.getKind()).isEqualTo(SpanKind.INTERNAL);
    assertThat(told.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(told.getStatus().getDescription()).isEqualTo("the disk is full");
    assertThat(told.getAttributes().get(AttributeKey.longKey("entries"))).isEqualTo(7L);
  }

  private SpanData told(Span span) {
    export(span);
    assertThat(sent.getFinishedSpanItems()).hasSize(1);
    return sent.getFinishedSpanItems().getFirst();
  }

  private void export(Span span) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(sent))
            .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
            .build();
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider)
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    new SpanExport(sdk, "test", time).onEnd(span);
  }
}
