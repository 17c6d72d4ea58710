package dev.mayfly.balancer;

import static dev.mayfly.balancer.TestBalancers.CONFIG;
import static dev.mayfly.balancer.TestBalancers.awaitEnd;
import static dev.mayfly.balancer.TestBalancers.balancer;
import static dev.mayfly.balancer.TestBalancers.connect;
import static dev.mayfly.balancer.TestBalancers.reader;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who the client is, told in front of what it sends. */
@Timeout(120)
class ProxyProtocolTest {
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

      awaitEnd(client);
      assertThat(backend.accepted.get()).isZero();
    }
  }
}
