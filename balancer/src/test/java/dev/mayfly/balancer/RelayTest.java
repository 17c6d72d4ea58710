package dev.mayfly.balancer;

import static dev.mayfly.balancer.TestBalancers.CONFIG;
import static dev.mayfly.balancer.TestBalancers.PATIENCE;
import static dev.mayfly.balancer.TestBalancers.awaitEnd;
import static dev.mayfly.balancer.TestBalancers.awaitLatch;
import static dev.mayfly.balancer.TestBalancers.balancer;
import static dev.mayfly.balancer.TestBalancers.connect;
import static dev.mayfly.balancer.TestBalancers.socketAddress;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes through a connection, and how its ends and breaks are passed on. */
@Timeout(120)
class RelayTest {
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
  void relay_clientEndsFirst_largeAnswerArrivesWhole() throws Exception {
    byte[] data = new byte[16 << 20];
    new Random(2).nextBytes(data);
    try (TestBackend backend =
            new TestBackend(
                socket -> {
                  socket.getInputStream().readAllBytes();
                  socket.getOutputStream().write(data);
                  socket.close();
                });
        Balancer balancer = balancer(CONFIG, backend.backend());
        Socket client = connect(balancer)) {
      client.getOutputStream().write(1);
      client.shutdownOutput();

      assertThat(client.getInputStream().readAllBytes()).isEqualTo(data);
    }
  }

  @Test
  void relay_backendEndsFirst_takesAllThatTheClientSends() throws Exception {
    byte[] data = new byte[16 << 20];
    new Random(3).nextBytes(data);
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    try (TestBackend backend =
            new TestBackend(
                socket -> {
                  socket.getOutputStream().write(1);
                  socket.shutdownOutput();
                  received.complete(socket.getInputStream().readAllBytes());
                });
        Balancer balancer = balancer(CONFIG, backend.backend());
        Socket client = connect(balancer)) {
      assertThat(client.getInputStream().readAllBytes()).hasSize(1);
      client.getOutputStream().write(data);
      client.shutdownOutput();

      assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo(data);
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
  void idle_nothingMoves_isBrokenOff() throws Exception {
    BalancerConfig config =
        CONFIG.withLimits(BalancerConfig.Limits.defaults().withIdleTimeout(Duration.ofMillis(100)));
    try (TestBackend one = TestBackend.named("1");
        Balancer balancer = balancer(config, one.backend());
        Socket client = connect(balancer)) {
      awaitEnd(client);
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
}
