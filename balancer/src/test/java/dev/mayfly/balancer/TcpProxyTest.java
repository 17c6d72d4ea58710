package dev.mayfly.balancer;

import static dev.mayfly.balancer.TestBalancers.CONFIG;
import static dev.mayfly.balancer.TestBalancers.PATIENCE;
import static dev.mayfly.balancer.TestBalancers.awaitEnd;
import static dev.mayfly.balancer.TestBalancers.balancer;
import static dev.mayfly.balancer.TestBalancers.connect;
import static dev.mayfly.balancer.TestBalancers.end;
import static dev.mayfly.balancer.TestBalancers.reader;
import static dev.mayfly.balancer.TestBalancers.socketAddress;
import static dev.mayfly.balancer.TestClient.greeting;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TcpProxyTest {
  @Test
  void connect_backendRefuses_anotherServesAndNoClientNotices() throws Exception {
    BalancerConfig config =
        CONFIG.withLimits(BalancerConfig.Limits.defaults().withEjection(3, Duration.ofHours(1)));
    try (TestBackend good = TestBackend.named("good");
        Balancer balancer = balancer(config, Backend.of("127.0.0.1", deadPort()), good.backend())) {
      for (int i = 0; i < 10; i++) {
        assertThat(greeting(balancer)).isEqualTo("good");
      }

      assertThat(balancer.backends().getFirst().errors()).isEqualTo(3);
      assertThat(balancer.backends().getFirst().state()).isEqualTo("ejected");
    }
  }

  @Test
  void connect_backendResetsBeforeTheFirstByte_anotherServes() throws Exception {
    try (TestBackend bad =
            new TestBackend(
                socket -> {
                  socket.setSoLinger(true, 0);
                  socket.close();
                });
        TestBackend good = TestBackend.named("good");
        Balancer balancer = balancer(CONFIG, bad.backend(), good.backend())) {
      for (int i = 0; i < 10; i++) {
        assertThat(greeting(balancer)).isEqualTo("good");
      }
    }
  }

  @Test
  void connect_noBackend_disconnectsAtOnce() throws Exception {
    try (Balancer balancer = balancer(CONFIG);
        Socket client = connect(balancer)) {
      awaitEnd(client);
    }
  }

  @Test
  void roundRobin_threeBackends_servesEach() throws Exception {
    try (TestBackend one = TestBackend.named("1");
        TestBackend two = TestBackend.named("2");
        TestBackend three = TestBackend.named("3");
        Balancer balancer = balancer(CONFIG, one.backend(), two.backend(), three.backend())) {
      for (int i = 0; i < 9; i++) {
        greeting(balancer);
      }

      assertThat(List.of(one.accepted.get(), two.accepted.get(), three.accepted.get()))
          .containsExactly(3, 3, 3);
    }
  }

  @Test
  void drain_openConnection_finishesWhileNewOnesGoElsewhere() throws Exception {
    try (TestBackend one = TestBackend.named("1");
        TestBackend two = TestBackend.named("2");
        Balancer balancer = balancer(CONFIG, one.backend(), two.backend());
        Socket client = connect(balancer)) {
      BufferedReader lines = reader(client);
      String served = lines.readLine();
      String drained = (served.equals("1") ? one : two).backend().id();

      assertThat(balancer.drain(drained)).isTrue();

      Set<String> others = new HashSet<>();
      for (int i = 0; i < 6; i++) {
        others.add(greeting(balancer));
      }
      assertThat(others).containsExactly(served.equals("1") ? "2" : "1");
      client.getOutputStream().write("still\n".getBytes(US_ASCII));
      assertThat(lines.readLine()).isEqualTo("still");
      assertThat(balancer.undrain(drained)).isTrue();
      assertThat(balancer.drain("nobody")).isFalse();
    }
  }

  @Test
  void drain_timeIsUp_connectionIsCut() throws Exception {
    BalancerConfig config =
        CONFIG.withLimits(BalancerConfig.Limits.defaults().withDrainTime(Duration.ofMillis(50)));
    try (TestBackend one = TestBackend.named("1");
        Balancer balancer = balancer(config, one.backend());
        Socket client = connect(balancer)) {
      assertThat(reader(client).readLine()).isEqualTo("1");

      balancer.drain(one.backend().id());

      awaitEnd(client);
    }
  }

  @Test
  void stop_openConnection_isWaitedFor() throws Exception {
    try (TestBackend one = TestBackend.named("1");
        Balancer balancer = balancer(CONFIG, one.backend());
        Socket client = connect(balancer)) {
      BufferedReader lines = reader(client);
      assertThat(lines.readLine()).isEqualTo("1");
      InetSocketAddress address = socketAddress(balancer);

      CompletableFuture<Void> stopped = CompletableFuture.runAsync(balancer::stop);
      await().atMost(PATIENCE).until(() -> isRefused(address));
      client.getOutputStream().write("last\n".getBytes(US_ASCII));

      assertThat(lines.readLine()).isEqualTo("last");
      assertThat(stopped).isNotDone();
      end(client);
      stopped.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void connections_oneBeyondTheBound_waitsForAnEnd() throws Exception {
    BalancerConfig config =
        CONFIG.withLimits(BalancerConfig.Limits.defaults().withConnectionsMax(2));
    try (TestBackend one = TestBackend.named("1");
        Balancer balancer = balancer(config, one.backend());
        Socket first = connect(balancer);
        Socket second = connect(balancer);
        Socket third = connect(balancer)) {
      assertThat(reader(first).readLine()).isEqualTo("1");
      assertThat(reader(second).readLine()).isEqualTo("1");
      assertThat(one.accepted.get()).isEqualTo(2);
      assertThat(third.getInputStream().available()).isZero();

      end(first);

      assertThat(reader(third).readLine()).isEqualTo("1");
    }
  }

  private static boolean isRefused(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, 1000);
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  private static int deadPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
