package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MetricsReferenceTest {
  private static final Path FILE = Path.of("../docs/reference/metrics.md");
  private static final String HEAD =
      """
      # Metrics

      <!-- Written from the meters by MetricsReferenceTest with -Dreference.write=true. -->

      `GET /metrics` on the monitor answers in OpenMetrics form where the request's Accept header
      names `application/openmetrics-text`, else in the Prometheus text form. `metrics: false` turns
      it off. Beside these, `jvm_*`, `system_*` and the remaining `process_*` metrics are
      Micrometer's own for the Java runtime and the machine.

      | metric | type | labels | meaning |
      |---|---|---|---|
      """;

  private static final Pattern HELP =
      Pattern.compile("# HELP (mayfly_\\w+|process_resident\\w+|process_cpu_seconds\\w*) (.*)");

  @Test
  @Timeout(60)
  void committedReference_followsFromTheMeters() throws Exception {
    String text = HEAD + String.join("", rows().values());
    if (Boolean.getBoolean("reference.write")) {
      Files.createDirectories(FILE.toAbsolutePath().normalize().getParent());
      Files.writeString(FILE, text);
    }

    assertThat(FILE).as("run this test with -Dreference.write=true").content().isEqualTo(text);
  }

  private static SortedMap<String, String> rows() throws Exception {
    Map<String, String> options =
        Map.of(
            "http",
            "127.0.0.1:0",
            "monitor",
            "127.0.0.1:0",
            "grpc",
            "127.0.0.1:0",
            "counter",
            "127.0.0.1:0",
            "resp",
            "127.0.0.1:0",
            "max-bytes",
            "16MiB");
    try (MayflyServer server = MayflyServer.start(MayflyConfig.of(options))) {
      get(server, "http", "/healthcheck");
      if (server.address("grpc").orElseThrow() instanceof ListenAddress.Tcp grpc) {
        RawGrpc.call(grpc.port(), "/keyquarry.KeyQuarry/Get");
      }
      if (server.address("resp").orElseThrow() instanceof ListenAddress.Tcp resp) {
        ping(resp.port());
      }
      List<String> lines;
      do {
        // The request is counted when its answer has left, which may be a moment after it came.
        lines = get(server, "monitor", "/metrics").lines().toList();
      } while (isWithout("mayfly_http_requests", lines) || isWithout("mayfly_grpc_calls", lines));
      SortedMap<String, String> rows = new TreeMap<>();
      for (String line : lines) {
        Matcher help = HELP.matcher(line);
        if (help.matches()) {
          rows.put(help.group(1), row(help.group(1), help.group(2), lines));
        }
      }
      return rows;
    }
  }

  private static void ping(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(7)).asString().isEqualTo("+PONG\r\n");
    }
  }

  private static boolean isWithout(String metric, List<String> lines) {
    return lines.stream().noneMatch(line -> line.startsWith(metric));
  }

  private static String row(String name, String doc, List<String> lines) {
    Matcher type = find("# TYPE " + name + " (\\w+)", lines);
    Matcher sample = find(name + "(?:_count)?(?:\\{(.*)\\})? .*", lines);
    String labels = sample.group(1) == null ? "" : sample.group(1).replaceAll("=\"[^\"]*\"", "");
    return "| `%s` | %s | %s | %s |\n"
        .formatted(name, type.group(1), labels.replace(",", ", "), doc);
  }

  private static Matcher find(String pattern, List<String> lines) {
    return lines.stream()
        .map(Pattern.compile(pattern)::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .orElseThrow();
  }

  private static String get(MayflyServer server, String door, String path) throws Exception {
    URI uri = URI.create("http://" + server.address(door).orElseThrow() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
