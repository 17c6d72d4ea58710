package dev.mayfly.balancer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MonitorTest {
  private static final HostPort FREE = new HostPort("127.0.0.1", 0);
  private static final BalancerConfig CONFIG =
      BalancerConfig.listeningAt(FREE).withMonitor(FREE).withHealth(HealthCheck.off());

  @Test
  void metrics_afterAConnection_countIt() throws Exception {
    try (TestBackend backend = TestBackend.echo();
        Balancer balancer = balancer(backend.backend())) {
      try (Socket client =
          new Socket(InetAddress.getLoopbackAddress(), balancer.address().port())) {
        client.getOutputStream().write(new byte[10]);
        client.getInputStream().readNBytes(10);
      }

      String text = request(balancer, "GET", "/metrics", "");

      String label = "{backend=\"" + backend.backend().id() + "\"} ";
      assertThat(text)
          .startsWith("HTTP/1.1 200 ")
          .contains("content-type: application/openmetrics-text; version=1.0.0")
          .contains("mayfly_balancer_backend_hits_total" + label + "1\n")
          .contains("mayfly_balancer_backend_errors_total" + label + "0\n")
          .contains("mayfly_balancer_backend_received_bytes_total" + label + "10\n")
          .contains("mayfly_balancer_backend_connect_seconds_count" + label + "1\n")
          .endsWith("# EOF\n");
    }
  }

  @Test
  void page_showsEachBackend() throws Exception {
    try (TestBackend backend = TestBackend.echo();
        Balancer balancer = balancer(backend.backend())) {
      assertThat(request(balancer, "GET", "/", ""))
          .startsWith("HTTP/1.1 200 ")
          .contains("<td>" + backend.backend().id(), "<td>up");
    }
  }

  @Test
  void readyz_withAndWithoutABackend_tellsThem() throws Exception {
    try (TestBackend backend = TestBackend.echo();
        Balancer with = balancer(backend.backend());
        Balancer without = balancer()) {
      assertThat(request(with, "GET", "/readyz", "")).startsWith("HTTP/1.1 200 ");
      assertThat(request(without, "GET", "/readyz", "")).startsWith("HTTP/1.1 503 ");
      assertThat(request(without, "GET", "/healthz", "")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void drain_posted_isDoneAndUndone() throws Exception {
    try (TestBackend backend = TestBackend.echo();
        Balancer balancer = balancer(backend.backend())) {
      String target = "?backend=" + backend.backend().id();

      assertThat(request(balancer, "POST", "/drain" + target, "")).startsWith("HTTP/1.1 200 ");
      assertThat(balancer.backends().getFirst().state()).isEqualTo("draining");
      assertThat(request(balancer, "POST", "/undrain" + target, "")).startsWith("HTTP/1.1 200 ");
      assertThat(balancer.backends().getFirst().state()).isEqualTo("up");
    }
  }

  @Test
  void request_thatMakesNoSense_isRefused() throws Exception {
    try (TestBackend backend = TestBackend.echo();
        Balancer balancer = balancer(backend.backend())) {
      String target = "?backend=" + backend.backend().id();

      assertThat(request(balancer, "GET", "/drain" + target, "")).startsWith("HTTP/1.1 405 ");
      assertThat(request(balancer, "POST", "/drain" + target, "Origin: http://elsewhere\r\n"))
          .startsWith("HTTP/1.1 403 ");
      assertThat(request(balancer, "POST", "/drain", "")).startsWith("HTTP/1.1 400 ");
      assertThat(request(balancer, "POST", "/drain?backend=x", "")).startsWith("HTTP/1.1 404 ");
      assertThat(request(balancer, "POST", "/metrics", "")).startsWith("HTTP/1.1 405 ");
      assertThat(request(balancer, "GET", "/other", "")).startsWith("HTTP/1.1 404 ");
      assertThat(balancer.backends().getFirst().state()).isEqualTo("up");
    }
  }

  private static Balancer balancer(Backend... backends) throws IOException {
    return Balancer.start(CONFIG, Discovery.of(List.of(backends)));
  }

  private static String request(Balancer balancer, String method, String path, String header)
      throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), balancer.monitorAddress().port())) {
      String request = method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }
}
