package dev.mayfly.balancer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class UdpProxyTest {
  private static final HostPort FREE = new HostPort("127.0.0.1", 0);
  private static final BalancerConfig CONFIG =
      BalancerConfig.listeningAt(FREE).withUdp(FREE, 0).withHealth(HealthCheck.off());

  @Test
  void client_manyDatagrams_keepsItsBackendAndGetsItsAnswers() throws Exception {
    try (Echo one = new Echo("1");
        Echo two = new Echo("2");
        Balancer balancer = balancer(CONFIG, one, two);
        DatagramSocket first = new DatagramSocket();
        DatagramSocket second = new DatagramSocket()) {
      String ofFirst = ask(balancer, first, "a").substring(0, 1);
      String ofSecond = ask(balancer, second, "a").substring(0, 1);

      assertThat(ofFirst).isNotEqualTo(ofSecond);
      for (int i = 0; i < 20; i++) {
        assertThat(ask(balancer, first, "f" + i)).isEqualTo(ofFirst + "f" + i);
        assertThat(ask(balancer, second, "s" + i)).isEqualTo(ofSecond + "s" + i);
      }
      assertThat(balancer.backends()).allMatch(status -> status.hits() == 1);
    }
  }

  @Test
  void client_ofADrainedBackend_movesToAnother() throws Exception {
    try (Echo one = new Echo("1");
        Echo two = new Echo("2");
        Balancer balancer = balancer(CONFIG, one, two);
        DatagramSocket client = new DatagramSocket()) {
      String before = ask(balancer, client, "a").substring(0, 1);

      balancer.drain((before.equals("1") ? one : two).backend().id());

      assertThat(ask(balancer, client, "b")).isEqualTo((before.equals("1") ? "2" : "1") + "b");
    }
  }

  @Test
  void clients_moreThanTheTableHolds_areServedAndTheOldestForgotten() throws Exception {
    BalancerConfig config =
        CONFIG.withLimits(BalancerConfig.Limits.defaults().withUdp(2, Duration.ofHours(1)));
    try (Echo one = new Echo("1");
        Balancer balancer = balancer(config, one)) {
      Set<String> answers = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        try (DatagramSocket client = new DatagramSocket()) {
          answers.add(ask(balancer, client, "x" + i).substring(0, 1));
        }
      }

      assertThat(answers).containsExactly("1");
      assertThat(balancer.udpClients()).isEqualTo(2);
    }
  }

  @Test
  void client_idle_isForgotten() throws Exception {
    BalancerConfig config =
        CONFIG.withLimits(BalancerConfig.Limits.defaults().withUdp(10, Duration.ofMillis(50)));
    try (Echo one = new Echo("1");
        Balancer balancer = balancer(config, one);
        DatagramSocket client = new DatagramSocket()) {
      ask(balancer, client, "x");

      await().atMost(Duration.ofSeconds(60)).until(() -> balancer.udpClients() == 0);
      assertThat(ask(balancer, client, "y")).isEqualTo("1y");
    }
  }

  @Test
  void client_ofABackendThatIsGone_movesToAnother() throws Exception {
    try (Echo one = new Echo("1");
        Echo two = new Echo("2");
        Balancer balancer = balancer(CONFIG, one, two);
        DatagramSocket client = new DatagramSocket()) {
      String before = ask(balancer, client, "a").substring(0, 1);

      (before.equals("1") ? one : two).die();

      assertThat(ask(balancer, client, "b")).isEqualTo((before.equals("1") ? "2" : "1") + "b");
      assertThat(balancer.backends()).extracting(BackendStatus::state).containsOnly("up");
    }
  }

  @Test
  void datagramsThatNobodyTakes_leaveTheBackendInUseForConnections() throws Exception {
    try (TestBackend tcp = TestBackend.named("tcp");
        Echo echo = new Echo("1")) {
      BalancerConfig config = CONFIG.withUdp(FREE, echo.backend().port());
      try (Balancer balancer = Balancer.start(config, Discovery.of(List.of(tcp.backend())));
          DatagramSocket client = new DatagramSocket()) {
        assertThat(ask(balancer, client, "a")).isEqualTo("1a");

        echo.die();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  send(balancer, client, "lost");
                  return balancer.backends().getFirst().errors() > 5;
                });

        assertThat(balancer.backends().getFirst().state()).isEqualTo("up");
        assertThat(balancer.udpClients()).isOne();
      }
    }
  }

  private static void send(Balancer balancer, DatagramSocket client, String text)
      throws IOException {
    byte[] bytes = text.getBytes(US_ASCII);
    InetSocketAddress to =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), balancer.udpAddress().port());
    client.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static Balancer balancer(BalancerConfig config, Echo... echoes) throws IOException {
    return Balancer.start(
        config, Discovery.of(List.of(echoes).stream().map(Echo::backend).toList()));
  }

  /** Asks until there is an answer: a datagram may be lost anywhere. */
  private static String ask(Balancer balancer, DatagramSocket client, String question)
      throws IOException {
    client.setSoTimeout(1000);
    SocketTimeoutException lastLoss = null;
    for (int attempt = 0; attempt < 60; attempt++) {
      send(balancer, client, question);
      try {
        String answer = receive(client);
        while (!answer.endsWith(question)) {
          // To an earlier question that was asked twice.
          answer = receive(client);
        }
        return answer;
      } catch (SocketTimeoutException lost) {
        lastLoss = lost;
      }
    }
    throw new AssertionError("no answer", lastLoss);
  }

  private static String receive(DatagramSocket client) throws IOException {
    DatagramPacket answer = new DatagramPacket(new byte[100], 100);
    client.receive(answer);
    return new String(answer.getData(), 0, answer.getLength(), US_ASCII);
  }

  /** Answers each datagram with its name before it. */
  private static final class Echo implements AutoCloseable {
    private final DatagramSocket socket;
    private final String name;

    Echo(String name) throws IOException {
      this.name = name;
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::run);
    }

    Backend backend() {
      return Backend.of("127.0.0.1", socket.getLocalPort());
    }

    private void run() {
      byte[] buffer = new byte[100];
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
          socket.receive(packet);
          String text = name + new String(buffer, 0, packet.getLength(), US_ASCII);
          byte[] answer = text.getBytes(US_ASCII);
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException closed) {
        return;
      }
    }

    void die() {
      socket.close();
    }

    @Override
    public void close() {
      die();
    }
  }
}
