package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.Counters;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The door over real sockets on loopback, with datagrams of either kind. */
@ParameterizedClass
@EnumSource(CounterDoorFixture.Kind.class)
class CounterListenerTest extends CounterDoorFixture {
  /** As many as the system's receive buffer holds, however busy the machine. */
  private static final int IN_FLIGHT = 32;

  /** More than one system call reads, and than the usual limit of unsent bytes takes. */
  private static final int BURST = 70;

  CounterListenerTest(Kind kind) {
    super(kind);
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
  void addressInUse_isToldAsSuch() throws IOException {
    Node node = new Node();

    CounterListener second =
        new CounterListener(
            new ListenerConfig(
                Secret.NONE,
                10,
                Duration.ofSeconds(30),
                1 << 20,
                1 << 20,
                Duration.ofSeconds(1),
                1),
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

  /** What it counts in would be closed under it: unmapped memory ends the whole process. */
  @Test
  void stop_whileAThreadCounts_saysSo() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Node node = new Node(counters -> holding(counters, entered, released));
    send(udp(), node, packet('P', 0));
    assertThat(entered.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();

    assertThatThrownBy(node.listener::stop)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a thread still serves");

    released.countDown();
    await(() -> node.count() == 1);
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
