package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Callers over TCP that ask for long listings and do not read them. */
class AnswerMemoryTest extends CounterDoorFixture {
  private static final int KEYS = 4000;
  private static final int CALLERS = 6;
  private static final long LISTED_AT_ONCE = (1 << 20) + 2L * PacketCodec.LISTED_BYTES_MAX;

  AnswerMemoryTest() {
    super(Kind.SINGLE);
  }

  @Test
  void callersThatReadNothing_areCut_andOthersGetTheirListing() throws IOException {
    Node node = filled();
    for (int i = 0; i < CALLERS; i++) {
      askForListing(slow(node));
    }
    await(() -> node.traffic.outputWaiting() > 0);

    Socket good = tcp(node);
    askForListing(good);
    byte[] reply = good.getInputStream().readNBytes(Packet.DATA + listedBytes() + 3);

    assertThat(reply).startsWith('K').endsWith('\n', '.', '\n');
    assertThat(node.traffic.cut()).isBetween(1L, (long) CALLERS);
  }

  @Test
  void listings_underWay_areBoundedBeforeTheyAreMade() throws IOException {
    Node node = filled();
    for (int i = 0; i < CALLERS; i++) {
      askForListing(slow(node));
      assertThat(node.traffic.outputBytes()).isLessThan(LISTED_AT_ONCE);
    }
    await(() -> node.traffic.outputWaiting() > 0);

    assertThat(node.traffic.outputBytes()).isPositive().isLessThan(LISTED_AT_ONCE);
  }

  @Test
  void callersThatLeaveWhileTheyWait_giveEverythingBack() throws IOException {
    Node node = filled();
    for (int i = 0; i < CALLERS; i++) {
      askForListing(slow(node));
    }
    await(() -> node.traffic.outputWaiting() > 0);
    closeSockets();

    Socket good = tcp(node);
    askForListing(good);
    assertThat(good.getInputStream().readNBytes(Packet.DATA)).startsWith('K');
    closeSockets();
    await(() -> node.traffic.connections() == 0);
    await(() -> node.traffic.outputBytes() == 0 && node.traffic.outputWaiting() == 0);
  }

  private Node filled() throws IOException {
    Node node = new Node();
    for (int i = 0; i < KEYS; i++) {
      node.counters.hit(NS, key(i), 1, time.millis());
    }
    return node;
  }

  private static byte[] key(int i) {
    return "%01400d".formatted(i).getBytes(StandardCharsets.US_ASCII);
  }

  private static int listedBytes() {
    return KEYS * (key(0).length + 1) - 1;
  }

  private Socket slow(Node node) throws IOException {
    Socket socket = new Socket();
    keep(socket);
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port));
    return socket;
  }

  private static void askForListing(Socket socket) throws IOException {
    socket.getOutputStream().write(TestPackets.packet('K', SECRET, 1, "ns", "*"));
    socket.getOutputStream().write(MessageSplitter.STOP);
  }
}
