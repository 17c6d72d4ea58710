package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mayfly.counter.socket.BatchSocket;
import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Counters;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The door over real sockets on loopback, with datagrams of either kind. */
@ParameterizedClass
@EnumSource(CounterListenerTest.Kind.class)
class CounterListenerTest {
  /** How datagrams come and go. */
  enum Kind {
    /** As on systems without the calls for batches. */
    SINGLE,
    /** By the system's own calls. */
    BATCHED;

    Datagrams.Opening opening() {
      return switch (this) {
        case SINGLE -> NettyDatagrams::open;
        case BATCHED -> BatchedDatagrams::open;
      };
    }
  }

  /** As many as the system's receive buffer holds, however busy the machine. */
  private static final int IN_FLIGHT = 32;

  /** More than one system call reads, and than the usual limit of unsent bytes takes. */
  private static final int BURST = 70;

  private static final int PATIENCE_MILLIS = 60_000;
  private static final String SECRET = "asdf";
  private static final byte[] NS = "ns".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);

  private final Kind kind;
  private final TimeSource time = new SystemTime();
  private final List<AutoCloseable> opened = new ArrayList<>();

  CounterListenerTest(Kind kind) {
    assumeTrue(kind == Kind.SINGLE || BatchSocket.isSupported(), "no batches on this system");
    this.kind = kind;
  }

  private final class Node {
    final MemoryCounters counters =
        new MemoryCounters(
            CounterConfig.forTests(CounterPolicy.ofWindow(3_600_000)).withThreads(true), time);
    final CounterTraffic traffic = new CounterTraffic();
    final CounterListener listener;
    final int port;

    Node(InetSocketAddress... peers) throws IOException {
      this(UnaryOperator.identity(), peers);
    }

    Node(UnaryOperator<Counters> wrapped, InetSocketAddress... peers) throws IOException {
      Secret secret = Secret.of(SECRET);
      ListenerConfig config = new ListenerConfig(secret, 10, Duration.ofSeconds(30), 1);
      listener =
          new CounterListener(
              config,
              wrapped.apply(counters),
              counters,
              new CounterPeers(List.of(peers), secret),
              traffic,
              time,
              kind.opening());
      port = listener.start(loopback(0), null);
      opened.add(counters);
      opened.add(listener::stop);
    }

    long count() {
      return counters.count(NS, KEY, time.millis());
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable some : opened.reversed()) {
      some.close();
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private DatagramSocket udp() throws IOException {
    DatagramSocket socket = new DatagramSocket(loopback(0));
    socket.setSoTimeout(PATIENCE_MILLIS);
    opened.add(socket);
    return socket;
  }

  private Socket tcp(Node node) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    opened.add(socket);
    return socket;
  }

  private static void send(DatagramSocket socket, Node node, byte[] packet) throws IOException {
    socket.send(new DatagramPacket(packet, packet.length, loopback(node.port)));
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static byte[] packet(char command, int id) {
    return TestPackets.packet(command, SECRET, id, "ns", "key");
  }

  private static String data(byte[] reply) {
    return new String(reply, Packet.DATA, Packet.DATA_BYTES, StandardCharsets.UTF_8).trim();
  }

  private static int id(byte[] reply) {
    return (int) FrameInput.fixed(reply, Packet.ID, Packet.ID_BYTES);
  }

  private void await(BooleanSupplier condition) {
    long deadline = time.nanos() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (!condition.getAsBoolean() && time.nanos() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void datagrams_inFlight_areAllCountedAndAnswered() throws IOException {
    Node node = new Node();
    DatagramSocket socket = udp();
    for (int i = 0; i < IN_FLIGHT; i++) {
      send(socket, node, packet('P', i));
    }

    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < IN_FLIGHT; i++) {
      byte[] reply = receive(socket);
      assertThat(reply).hasSize(Packet.BYTES);
      assertThat(reply[0]).isEqualTo((byte) 'P');
      ids.add(id(reply));
    }
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(node.count()).isEqualTo(IN_FLIGHT);
    send(socket, node, packet('C', 1));
    assertThat(FrameInput.fixed(receive(socket), Packet.DATA, 4)).isEqualTo(IN_FLIGHT);
  }

  @Test
  void burst_readInOneTurn_isAnsweredToItsLastDatagram() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Node node = new Node(counters -> holding(counters, entered, released));
    DatagramSocket socket = udp();
    send(socket, node, packet('P', 0));
    assertThat(entered.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    for (int i = 1; i < BURST; i++) {
      send(socket, node, packet('P', i));
    }

    released.countDown();

    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      ids.add(id(receive(socket)));
    }
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(node.count()).isEqualTo(BURST);
  }

  /** Counters whose first hit waits. */
  private static Counters holding(
      Counters counters, CountDownLatch entered, CountDownLatch released) {
    return (Counters)
        Proxy.newProxyInstance(
            Counters.class.getClassLoader(),
            new Class<?>[] {Counters.class},
            (_, method, arguments) -> {
              if (method.getName().equals("hit") && entered.getCount() > 0) {
                entered.countDown();
                assertThat(released.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
              }
              return method.invoke(counters, arguments);
            });
  }

  @Test
  void wrongSecret_isToldSo() throws IOException {
    Node node = new Node();
    DatagramSocket socket = udp();

    send(socket, node, TestPackets.packet('P', "wrong", 9, "ns", "key"));
    byte[] reply = receive(socket);
    assertThat(reply[0]).isEqualTo((byte) 'E');
    assertThat(data(reply)).isEqualTo("auth failed: packet hash invalid");
    assertThat(node.count()).isZero();
  }

  @Test
  void shortDatagram_isDone_butNotAnswered() throws IOException {
    Node node = new Node();
    DatagramSocket socket = udp();

    send(socket, node, Arrays.copyOf(packet('P', 1), 200));
    await(() -> node.count() == 1);
    send(socket, node, new byte[] {'C'});
    send(socket, node, new byte[0]);
    socket.setSoTimeout(200);
    assertThatThrownBy(() -> receive(socket)).isInstanceOf(SocketTimeoutException.class);
    assertThat(node.traffic.datagramReplies()).isZero();
  }

  @Test
  void hostileDatagrams_changeNothing_andTheDoorStaysOpen() throws IOException {
    Node node = new Node();
    DatagramSocket socket = udp();
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[random.nextInt(3_000)];
      random.nextBytes(bytes);
      send(socket, node, bytes);
    }

    socket.setSoTimeout(300);
    try {
      while (true) {
        assertThat(receive(socket)[0]).isEqualTo((byte) 'E');
      }
    } catch (SocketTimeoutException e) {
      assertThat(node.counters.countAll(time.millis())).isZero();
    }
    DatagramSocket another = udp();
    send(another, node, packet('P', 1));
    assertThat(receive(another)[0]).isEqualTo((byte) 'P');
  }

  @Test
  void frame_overUdp_isAnswered_onlyIfSigned() throws IOException {
    Node node = new Node();
    DatagramSocket socket = udp();

    send(socket, node, new byte[] {0x6d, (byte) 0xf2, 2, 0, 15, 0, 1, 0, 9, 0, 0, 0, 2, 1, 97});
    byte[] reply = receive(socket);
    assertThat(reply).hasSize(13).endsWith(Frame.UNAUTHENTICATED);
  }

  @Test
  void puts_reachThePeers_once_andGoNoFurther() throws IOException {
    Node third = new Node();
    Node second = new Node(loopback(third.port));
    Node first = new Node(loopback(second.port), loopback(third.port));
    DatagramSocket socket = udp();

    for (int i = 0; i < 10; i++) {
      send(socket, first, packet('P', i));
      receive(socket);
    }
    await(() -> second.count() == 10 && third.count() == 10);
    assertThat(first.count()).isEqualTo(10);
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
  void listing_thatFails_closesItsConnectionOnly() throws IOException {
    Node node = new Node(CounterListenerTest::failingToList);
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

  @Test
  void addressInUse_isToldAsSuch() throws IOException {
    Node node = new Node();

    CounterListener second =
        new CounterListener(
            new ListenerConfig(Secret.NONE, 10, Duration.ofSeconds(30), 1),
            node.counters,
            node.counters,
            new CounterPeers(List.of(), Secret.NONE),
            new CounterTraffic(),
            time,
            kind.opening());
    assertThatThrownBy(() -> second.start(loopback(node.port), null))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("Address already in use");
  }

  @Test
  void listing_overUdp_isAnsweredToItsSender() throws IOException {
    Node node = new Node();
    DatagramSocket socket = udp();
    send(socket, node, packet('P', 1));
    receive(socket);

    send(socket, node, TestPackets.packet('K', SECRET, 2, "ns", "k"));
    byte[] reply = receive(socket);
    assertThat(reply[0]).isEqualTo((byte) 'K');
    assertThat(data(reply)).isEqualTo("key");
  }

  @Test
  void burstOfTwoSenders_andOfAnswersOfManyKinds_reachesEachItsOwn() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Node node = new Node(counters -> holding(counters, entered, released));
    DatagramSocket first = udp();
    DatagramSocket second = udp();
    send(first, node, packet('P', 0));
    assertThat(entered.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    List<byte[]> requests = new ArrayList<>();
    for (int i = 1; i < IN_FLIGHT; i++) {
      requests.add(i % 5 == 0 ? refused(i) : packet("PCNS".charAt(i % 4), i));
      send(i % 7 < 3 ? first : second, node, requests.getLast());
    }

    released.countDown();

    assertThat(id(receive(first))).isZero();
    for (int i = 1; i < IN_FLIGHT; i++) {
      byte[] request = requests.get(i - 1);
      byte[] reply = receive(i % 7 < 3 ? first : second);
      if (i % 5 == 0) {
        assertThat(reply).hasSize(13).startsWith(0x6d, 0xf2).endsWith(Frame.UNAUTHENTICATED);
        assertThat(reply[Frame.ID]).isEqualTo((byte) i);
      } else {
        assertThat(reply).hasSize(Packet.BYTES);
        assertThat(id(reply)).isEqualTo(i);
        assertThat(reply[0]).isEqualTo(request[0]);
      }
    }
  }

  /** A frame without a signature. */
  private static byte[] refused(int id) {
    return new byte[] {0x6d, (byte) 0xf2, 2, 0, 15, 0, 1, 0, (byte) id, 0, 0, 0, 2, 1, 97};
  }

  @Test
  void traffic_isCountedAsItComesAndGoes() throws IOException {
    Node node = new Node();
    DatagramSocket socket = udp();
    send(socket, node, new byte[] {'x'});
    for (int i = 0; i < 10; i++) {
      send(socket, node, packet('P', i));
      receive(socket);
    }

    await(() -> node.traffic.datagrams() == 11 && node.traffic.datagramReplies() == 10);
  }

  @Test
  void stoppedDoor_isGone_andItsPortFree() throws IOException {
    Node node = new Node();

    node.listener.stop();

    try (DatagramSocket again = new DatagramSocket(loopback(node.port))) {
      assertThat(again.getLocalPort()).isEqualTo(node.port);
    }
  }
}
