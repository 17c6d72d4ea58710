package dev.mayfly.balancer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Balancers on any free port of this host, without health checks, and plain sockets to them. */
final class TestBalancers {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final BalancerConfig CONFIG =
      BalancerConfig.listeningAt(new HostPort("127.0.0.1", 0)).withHealth(HealthCheck.off());

  private TestBalancers() {}

  static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Balancer balancer(BalancerConfig config, Backend... backends) throws IOException {
    return Balancer.start(config, Discovery.of(List.of(backends)));
  }

  static InetSocketAddress socketAddress(Balancer balancer) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), balancer.address().port());
  }

  static Socket connect(Balancer balancer) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), balancer.address().port());
  }

  static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  /** Waits until the connection ends, in whatever way. */
  static void awaitEnd(Socket socket) throws IOException {
    socket.setSoTimeout((int) PATIENCE.toMillis());
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection has not ended", e);
    } catch (IOException broken) {
      // A break is an end, too.
    }
  }

  static void end(AutoCloseable open) throws Exception {
    open.close();
  }
}
