package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.remote.RemoteConfig;
import dev.mayfly.remote.RemoteStore;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traces, as a collector of OpenTelemetry gets them. */
@Timeout(180)
class TraceIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String OPERATOR = "open-sesame";

  @TempDir Path folder;

  @Test
  void requestsSnapshotsStartAndStop_areTold_butNoValuesOrSecrets() throws Exception {
    try (TraceCollector collector = new TraceCollector();
        ServerFixture server =
            ServerFixture.start(
                folder,
                collector.environment(),
                "--data",
                "data",
                "--privileged-client-id",
                OPERATOR)) {
      RawHttp.ask(server.http(), "GET", "/v1/stats", "X-Client-Id: " + OPERATOR);
      String field = "traceparent: 00-%s-%s-01".formatted(TRACE, CALLER);
      RawHttp.ask(server.http(), "GET", "/set?k=greeting&v=whisper", field);
      try (RemoteStore remote = RemoteStore.connect(RemoteConfig.of(server.grpc(), "caller"))) {
        remote.set(
            SetRequest.newBuilder()
                .setKey(RemoteStore.bytes("called"))
                .setValue(RemoteStore.bytes("whisper"))
                .build());
      }
      try (RemoteStore remote = RemoteStore.connect(RemoteConfig.of(server.grpc(), OPERATOR))) {
        remote.delete(RemoteStore.bytes("called"));
      }
      eventually(collector, "GET /v1/stats", "mayfly.v1.KeyValue/Delete");
      eventually(collector, "GET /set", "mayfly.v1.KeyValue/Set", "mayfly.start");
      server.process().signal("TERM");
      assertThat(server.process().exitCode()).isZero();
      eventually(collector, "snapshot", "mayfly.stop");

      Span asked = span(collector, "GET /set");
      assertThat(hex(asked.getTraceId())).isEqualTo(TRACE);
      assertThat(hex(asked.getParentSpanId())).isEqualTo(CALLER);
      assertThat(asked.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
      assertThat(texts(asked)).containsEntry("key", "greeting").containsEntry("client_id", "http");
      assertThat(asked.getEndTimeUnixNano()).isGreaterThanOrEqualTo(asked.getStartTimeUnixNano());
      Span called = span(collector, "mayfly.v1.KeyValue/Set");
      assertThat(texts(called)).containsEntry("key", "called").containsEntry("client_id", "caller");
      assertThat(called.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
      assertThat(collector.requests().toString())
          .contains("service.name", "mayfly", "service.instance.id")
          .doesNotContain("whisper", OPERATOR);
    }
  }

  @Test
  void collectorThatIsAway_holdsUpNothing() throws Exception {
    Map<String, String> environment =
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", "OTEL_BSP_SCHEDULE_DELAY", "1");
    try (ServerFixture server = ServerFixture.start(folder, environment, "--trace")) {
      for (int i = 0; i < 100; i++) {
        assertThat(RawHttp.ask(server.http(), "GET", "/set?k=k&v=v")).startsWith("HTTP/1.1 200 ");
      }
      server.process().signal("TERM");

      assertThat(server.process().exitCode()).isZero();
    }
  }

  @Test
  void environmentThatMakesNoSense_isNamed() throws Exception {
    Map<String, String> environment =
        Map.of("MAYFLY_TRACE", "true", "OTEL_TRACES_EXPORTER", "pigeon");
    try (MayflyProcess process =
        MayflyProcess.start(
            folder,
            environment,
            "serve",
            "--http=127.0.0.1:0",
            "--monitor=off",
            "--grpc=off",
            "--resp=off",
            "--counter=off")) {
      MayflyProcess.Outcome outcome = process.finish();

      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err()).contains("traces cannot be sent", "pigeon");
    }
  }

  private static void eventually(TraceCollector collector, String... names) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(collector.spans()).extracting(Span::getName).contains(names));
  }

  private static Span span(TraceCollector collector, String name) {
    return collector.spans().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> texts(Span span) {
    List<KeyValue> attributes = span.getAttributesList();
    return attributes.stream()
        .filter(each -> each.getValue().getValueCase() == AnyValue.ValueCase.STRING_VALUE)
        .collect(Collectors.toMap(KeyValue::getKey, each -> each.getValue().getStringValue()));
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
