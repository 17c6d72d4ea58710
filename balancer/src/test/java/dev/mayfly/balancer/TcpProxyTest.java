package dev.mayfly.balancer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TcpProxyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final BalancerConfig CONFIG =
      BalancerConfig.listeningAt(new HostPort("127.0.0.1", 0)).withHealth(HealthCheck.off());

  @Test
  void relay_largeTransferBothWays_arrivesWhole() throws Exception {
    byte[] data = new byte[8 << 20];
    new Random(1).nextBytes(data);
    try (TestBackend backend = TestBackend.echo();
        Balancer balancer = balancer(CONFIG, backend.backend());
        Socket client = connect(balancer)) {
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.getOutputStream().write(data);
                  client.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });

      byte[] received = client.getInputStream().readAllBytes();

      sent.join();
      assertThat(received).isEqualTo(data);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                BackendStatus status = balancer.backends().getFirst();
                assertThat(status.bytesIn()).isEqualTo(data.length);
                assertThat(status.bytesOut()).isEqualTo(data.length);
                assertThat(status.connections()).isZero();
                assertThat(status.hits()).isOne();
              });
    }
  }

  @Test
  void relay_clientEndsFirst_backendCanStillAnswer() throws Exception {
    try (TestBackend backend =
            new TestBackend(
                socket -> {
                  byte[] question = socket.getInputStream().readAllBytes();
                  socket.getOutputStream().write(("got " + question.length).getBytes(US_ASCII));
                  socket.close();
                });
        Balancer balancer = balancer(CONFIG, backend.backend());
        Socket client = connect(balancer)) {
      client.getOutputStream().write(new byte[100_000]);
      client.shutdownOutput();

      assertThat(client.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("got 100000");
    }
  }

  @Test
  void relay_backendEndsFirst_clientCanStillSend() throws Exception {
    CompletableFuture<Integer> received = new CompletableFuture<>();
    try (TestBackend backend =
            new TestBackend(
                socket -> {
                  socket.getOutputStream().write("bye".getBytes(US_ASCII));
                  socket.shutdownOutput();
                  received.complete(socket.getInputStream().readAllBytes().length);
                });
        Balancer balancer = balancer(CONFIG, backend.backend());
        Socket client = connect(balancer)) {
      assertThat(client.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("bye");
      client.getOutputStream().write(new byte[100_000]);
      client.shutdownOutput();

      assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo(100_000);
    }
  }

  @Test
  void relay_backendBreaks_clientSeesABreakAndNoEnd() throws Exception {
    try (TestBackend backend = TestBackend.echo();
        Balancer balancer = balancer(CONFIG, backend.backend());
        Socket client = connect(balancer)) {
      client.getOutputStream().write(1);
      assertThat(client.getInputStream().read()).isOne();

      backend.breakAll();

      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void relay_clientDoesNotRead_backendIsHeldBack() throws Exception {
    long total = 64L << 20;
    try (TestBackend backend =
            new TestBackend(
                socket -> {
                  byte[] chunk = new byte[64 << 10];
                  for (long sent = 0; sent < total; sent += chunk.length) {
                    socket.getOutputStream().write(chunk);
                  }
                  socket.shutdownOutput();
                });
        Balancer balancer = balancer(CONFIG, backend.backend());
        Socket client = connect(balancer)) {
      long held = stalledAt(balancer);
      // The system's own buffers hold some megabytes, the balancer a fraction of one.
      assertThat(held).isLessThan(total / 2);

      long received = client.getInputStream().transferTo(OutputStream.nullOutputStream());

      assertThat(received).isEqualTo(total);
    }
  }

  /** Where the bytes from the backend stand once they stopped coming. */
  private static long stalledAt(Balancer balancer) {
    long[] last = {-1, 0};
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              long now = balancer.backends().getFirst().bytesOut();
              last[1] = now > 0 && now == last[0] ? last[1] + 1 : 0;
              last[0] = now;
              return last[1] >= 10;
            });
    return last[0];
  }

  @Test
  void relay_backendDoesNotRead_clientIsHeldBack() throws Exception {
    CountDownLatch mayRead = new CountDownLatch(1);
    CompletableFuture<Long> received = new CompletableFuture<>();
    int total = 64 << 20;
    try (TestBackend backend =
            new TestBackend(
                socket -> {
                  awaitLatch(mayRead);
                  received.complete(
                      socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
                });
        Balancer balancer = balancer(CONFIG, backend.backend());
        SocketChannel client = SocketChannel.open(socketAddress(balancer))) {
      client.configureBlocking(false);
      ByteBuffer chunk = ByteBuffer.allocate(64 << 10);
      long[] sent = {0};
      int[] idle = {0};
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                long before = sent[0];
                while (sent[0] < total) {
                  chunk.clear();
                  int written = client.write(chunk);
                  sent[0] += written;
                  if (written == 0) {
                    break;
                  }
                }
                idle[0] = sent[0] == before ? idle[0] + 1 : 0;
                return idle[0] >= 25 || sent[0] >= total;
              });
      assertThat(sent[0]).isLessThan(total / 2);

      mayRead.countDown();
      client.configureBlocking(true);
      client.shutdownOutput();

      assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo(sent[0]);
    }
  }

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
      assertThat(endOf(client)).isTrue();
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

      assertThat(endOf(client)).isTrue();
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
  void idle_nothingMoves_isBrokenOff() throws Exception {
    BalancerConfig config =
        CONFIG.withLimits(BalancerConfig.Limits.defaults().withIdleTimeout(Duration.ofMillis(100)));
    try (TestBackend one = TestBackend.named("1");
        Balancer balancer = balancer(config, one.backend());
        Socket client = connect(balancer)) {
      assertThat(endOf(client)).isTrue();
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

  @Test
  void proxyHeader_sent_namesTheClient() throws Exception {
    LinkedBlockingQueue<ProxyHeader> headers = new LinkedBlockingQueue<>();
    try (TestBackend backend =
            new TestBackend(
                socket -> {
                  ByteBuf bytes = Unpooled.wrappedBuffer(socket.getInputStream().readNBytes(28));
                  headers.add(Objects.requireNonNull(ProxyHeader.read(bytes)));
                  socket.getInputStream().transferTo(socket.getOutputStream());
                });
        Balancer balancer = balancer(CONFIG.withProxyHeaders(false, true), backend.backend());
        Socket client = connect(balancer)) {
      client.getOutputStream().write("x\n".getBytes(US_ASCII));

      assertThat(reader(client).readLine()).isEqualTo("x");
      assertThat(headers.take())
          .isEqualTo(
              new ProxyHeader(
                  (InetSocketAddress) client.getLocalSocketAddress(),
                  (InetSocketAddress) client.getRemoteSocketAddress()));
    }
  }

  @Test
  void proxyHeader_taken_isPassedOnAndNotRelayed() throws Exception {
    ProxyHeader header =
        new ProxyHeader(
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 77),
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.8"), 80));
    ByteBuf bytes = Unpooled.buffer();
    header.write(bytes);
    bytes.writeBytes("hello\n".getBytes(US_ASCII));
    byte[] sent = new byte[bytes.readableBytes()];
    bytes.readBytes(sent);
    try (TestBackend backend = TestBackend.echo();
        Balancer passing = balancer(CONFIG.withProxyHeaders(true, true), backend.backend());
        Balancer ending = balancer(CONFIG.withProxyHeaders(true, false), backend.backend());
        Socket toPassing = connect(passing);
        Socket toEnding = connect(ending)) {
      for (byte each : sent) {
        toPassing.getOutputStream().write(each);
        toEnding.getOutputStream().write(each);
      }

      assertThat(toPassing.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
      assertThat(reader(toEnding).readLine()).isEqualTo("hello");
    }
  }

  @Test
  void proxyHeader_missing_breaksTheConnection() throws Exception {
    try (TestBackend backend = TestBackend.echo();
        Balancer balancer = balancer(CONFIG.withProxyHeaders(true, false), backend.backend());
        Socket client = connect(balancer)) {
      client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));

      assertThat(endOf(client)).isTrue();
      assertThat(backend.accepted.get()).isZero();
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Balancer balancer(BalancerConfig config, Backend... backends) throws IOException {
    return Balancer.start(config, Discovery.of(List.of(backends)));
  }

  private static InetSocketAddress socketAddress(Balancer balancer) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), balancer.address().port());
  }

  private static Socket connect(Balancer balancer) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), balancer.address().port());
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  private static String greeting(Balancer balancer) throws IOException {
    try (Socket client = connect(balancer)) {
      return String.valueOf(reader(client).readLine());
    }
  }

  private static void end(Closeable open) throws IOException {
    open.close();
  }

  /** Whether it ends, in whatever way. */
  private static boolean endOf(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (IOException broken) {
      return true;
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
