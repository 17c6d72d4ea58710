package dev.mayfly.balancer;

import static dev.mayfly.balancer.TestBalancers.CONFIG;
import static dev.mayfly.balancer.TestBalancers.PATIENCE;
import static dev.mayfly.balancer.TestBalancers.balancer;
import static dev.mayfly.balancer.TestBalancers.socketAddress;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is held for those who do not take what they asked for. */
@Timeout(120)
class SlowReaderTest {
  private static final Pattern UNSENT = Pattern.compile("(?m)^mayfly_balancer_unsent_bytes (\\d+)");
  private static final int READERS = 60;
  private static final long MAX = 512 << 10;

  /** Much more than the system's buffers of the two connections take. */
  private static final byte[] ANSWER = new byte[24 << 20];

  static {
    new Random(4).nextBytes(ANSWER);
  }

  @Test
  void slowReaders_many_holdLittleEach_andOthersAreServed() throws Exception {
    BalancerConfig config =
        CONFIG
            .withMonitor(new HostPort("127.0.0.1", 0))
            .withLimits(BalancerConfig.Limits.defaults().withUnsentMax(MAX));
    List<Socket> slow = new ArrayList<>();
    try (TestBackend backend = new TestBackend(SlowReaderTest::answer);
        Balancer balancer = balancer(config, backend.backend())) {
      for (int i = 0; i < READERS; i++) {
        slow.add(ask(balancer));
      }

      long held = settled(balancer);

      assertThat(held).isPositive().isLessThan(MAX + READERS * 2L * UnsentBytes.READ_MIN);
      try (Socket other = ask(balancer)) {
        assertThat(Arrays.equals(other.getInputStream().readAllBytes(), ANSWER)).isTrue();
      }
      assertThat(Arrays.equals(slow.getFirst().getInputStream().readAllBytes(), ANSWER)).isTrue();

      for (Socket one : slow) {
        one.close();
      }
      await().atMost(PATIENCE).until(() -> unsent(balancer) == 0);
    }
  }

  private static void answer(Socket socket) throws IOException {
    if (socket.getInputStream().read() >= 0) {
      socket.getOutputStream().write(ANSWER);
    }
    socket.close();
  }

  private static Socket ask(Balancer balancer) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(socketAddress(balancer));
    socket.getOutputStream().write("?".getBytes(US_ASCII));
    return socket;
  }

  /** What is held when nothing moves any more. */
  private static long settled(Balancer balancer) {
    long[] last = {-1};
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              long now = unsent(balancer);
              boolean same = now > 0 && now == last[0];
              last[0] = now;
              return same;
            });
    return last[0];
  }

  private static long unsent(Balancer balancer) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI metrics = URI.create("http://" + balancer.monitorAddress() + "/metrics");
      String text =
          http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
      Matcher found = UNSENT.matcher(text);
      assertThat(found.find()).as(text).isTrue();
      return Long.parseLong(found.group(1));
    }
  }
}
