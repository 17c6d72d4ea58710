package dev.mayfly.balancer;

import static dev.mayfly.balancer.TestBalancers.balancer;
import static dev.mayfly.balancer.TestBalancers.end;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HealthCheckerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final BalancerConfig CONFIG =
      BalancerConfig.listeningAt(new HostPort("127.0.0.1", 0));

  @Test
  void backendDies_isTakenDownAndBroughtBack() throws Exception {
    HealthCheck quick = HealthCheck.tcp().every(Duration.ofMillis(50)).withThresholds(2, 2);
    int port;
    try (TestBackend first = TestBackend.named("1");
        Balancer balancer = balancer(CONFIG.withHealth(quick), first.backend())) {
      port = first.backend().port();
      await().atMost(PATIENCE).until(() -> state(balancer).equals("up"));

      end(first);

      await().atMost(PATIENCE).until(() -> state(balancer).equals("down"));
      assertThat(balancer.isReady()).isFalse();
      try (ServerSocket again = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
        await().atMost(PATIENCE).until(() -> state(balancer).equals("up"));
        assertThat(again.isClosed()).isFalse();
      }
    }
  }

  @Test
  void httpStatus_decides() throws Exception {
    int[] status = {503};
    try (TestBackend backend =
            new TestBackend(
                socket -> {
                  String line =
                      new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
                          .readLine();
                  int answer = line.startsWith("GET /readyz ") ? status[0] : 404;
                  socket
                      .getOutputStream()
                      .write(
                          ("HTTP/1.1 " + answer + " x\r\nContent-Length: 0\r\n\r\n")
                              .getBytes(US_ASCII));
                  socket.close();
                });
        Balancer balancer =
            balancer(
                CONFIG.withHealth(HealthCheck.parse("ready").every(Duration.ofMillis(50))),
                backend.backend())) {
      await().atMost(PATIENCE).until(() -> state(balancer).equals("down"));

      status[0] = 200;

      await().atMost(PATIENCE).until(() -> state(balancer).equals("up"));
    }
  }

  @Test
  void backendThatWasNeverUp_comesUpWithItsFirstGoodAnswer() throws Exception {
    HealthCheck patient = HealthCheck.tcp().every(Duration.ofHours(1)).withThresholds(100, 1);
    int port;
    try (TestBackend early = TestBackend.named("1")) {
      port = early.backend().port();
    }
    try (Balancer balancer = balancer(CONFIG.withHealth(patient), Backend.of("127.0.0.1", port))) {
      await().atMost(PATIENCE).until(() -> state(balancer).equals("down"));
      try (ServerSocket started = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
        await().atMost(PATIENCE).until(() -> state(balancer).equals("up"));
        assertThat(started.isClosed()).isFalse();
      }
    }
  }

  @Test
  void answerOfAByteAtATime_isNoAnswer() throws Exception {
    try (TestBackend dripping =
            new TestBackend(
                socket -> {
                  for (int i = 0; i < 100_000; i++) {
                    socket.getOutputStream().write(i == 0 ? 'H' : 'T');
                    LockSupport.parkNanos(20_000_000);
                  }
                });
        Balancer balancer =
            balancer(
                CONFIG.withHealth(HealthCheck.http("/").every(Duration.ofMillis(100))),
                dripping.backend())) {
      await().atMost(PATIENCE).until(() -> state(balancer).equals("down"));
    }
  }

  private static String state(Balancer balancer) {
    return balancer.backends().getFirst().state();
  }
}
