package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Counters;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The messages of one connection over TCP. */
class TcpMessagesTest extends CounterDoorFixture {
  TcpMessagesTest() {
    super(Kind.SINGLE);
  }

  @Test
  void tcpMessages_pipelined_areAllAnsweredInOrder() throws IOException {
    Node node = new Node();
    Socket socket = tcp(node);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 100; i++) {
      all.write(packet('P', i));
      all.write(MessageSplitter.STOP);
    }
    all.write(TestPackets.packet('K', SECRET, 100, "ns", "k"));
    all.write(MessageSplitter.STOP);
    all.write(packet('C', 101));
    all.write(MessageSplitter.STOP);
    socket.getOutputStream().write(all.toByteArray());

    DataInputStream in = new DataInputStream(socket.getInputStream());
    for (int i = 0; i <= 101; i++) {
      byte[] reply = in.readNBytes(Packet.BYTES + 3);
      assertThat(id(reply)).isEqualTo(i);
      assertThat(reply).endsWith('\n', '.', '\n');
      if (i == 100) {
        assertThat(data(reply)).isEqualTo("key");
      }
    }
    assertThat(node.count()).isEqualTo(100);
  }

  @Test
  void callerThatSendsNothingMore_getsItsAnswers_andThenTheEnd() throws IOException {
    Node node = new Node();
    Socket socket = tcp(node);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(packet('P', 1));
    all.write(MessageSplitter.STOP);
    for (int i = 2; i <= 5000; i++) {
      all.write(packet(i % 2 == 0 ? 'K' : 'C', i));
      all.write(MessageSplitter.STOP);
    }
    all.write(packet('C', 5001));
    CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendAll(socket, all));

    DataInputStream in = new DataInputStream(socket.getInputStream());
    for (int i = 1; i <= 5000; i++) {
      assertThat(id(in.readNBytes(Packet.BYTES + 3))).isEqualTo(i);
    }
    assertThat(in.read()).isEqualTo(-1);
    sent.join();
  }

  private static void sendAll(Socket socket, ByteArrayOutputStream all) {
    try {
      socket.getOutputStream().write(all.toByteArray());
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void listing_thatFails_closesItsConnectionOnly() throws IOException {
    Node node = new Node(TcpMessagesTest::failingToList);
    Socket other = tcp(node);
    Socket socket = tcp(node);
    socket.getOutputStream().write(packet('K', 1));
    socket.getOutputStream().write(MessageSplitter.STOP);

    assertThat(socket.getInputStream().read()).isNegative();
    other.getOutputStream().write(packet('P', 2));
    other.getOutputStream().write(MessageSplitter.STOP);
    assertThat(id(other.getInputStream().readNBytes(Packet.BYTES + 3))).isEqualTo(2);
  }

  /** Counters with a fault in their listing of keys. */
  private static Counters failingToList(Counters counters) {
    return (Counters)
        Proxy.newProxyInstance(
            Counters.class.getClassLoader(),
            new Class<?>[] {Counters.class},
            (_, method, arguments) -> {
              if (method.getName().equals("keys")) {
                throw new IllegalStateException("a fault of the test");
              }
              return method.invoke(counters, arguments);
            });
  }

  @Test
  void tcpMessage_inPieces_withTheStopSymbolAsItsId_isOne() throws Exception {
    Node node = new Node();
    Socket socket = tcp(node);
    socket.setTcpNoDelay(true);
    byte[] message = packet('P', 0x000A2E0A);
    for (int i = 0; i < message.length; i += 7) {
      socket.getOutputStream().write(message, i, Math.min(7, message.length - i));
      socket.getOutputStream().flush();
    }
    socket.getOutputStream().write(MessageSplitter.STOP);

    byte[] reply = socket.getInputStream().readNBytes(Packet.BYTES + 3);
    assertThat(reply[0]).isEqualTo((byte) 'P');
    assertThat(id(reply)).isEqualTo(0x000A2E0A);
  }

  @Test
  void brokenTcpMessage_closesItsConnectionOnly() throws IOException {
    Node node = new Node();
    Socket other = tcp(node);
    Socket broken = tcp(node);
    byte[] endless = new byte[MessageSplitter.MESSAGE_BYTES_MAX + 100];
    Arrays.fill(endless, (byte) 'x');

    broken.getOutputStream().write(endless);
    assertThat(broken.getInputStream().read()).isNegative();
    other.getOutputStream().write("a\n.\n".getBytes(StandardCharsets.US_ASCII));
    byte[] reply = other.getInputStream().readNBytes(Packet.BYTES + 3);
    assertThat(data(reply)).isEqualTo("bad packet: invalid command byte");
  }
}
