package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mayfly.counter.socket.BatchSocket;
import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Counters;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/**
 * Doors on any free port of this host, and sockets to them; all is closed after each test. Confined
 * to one thread.
 */
abstract class CounterDoorFixture {
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

  static final int PATIENCE_MILLIS = 60_000;
  static final String SECRET = "asdf";
  static final byte[] NS = "ns".getBytes(StandardCharsets.US_ASCII);
  static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);

  final Kind kind;

  /** How much doors that are opened from now on keep of messages that are not whole. */
  long inputBytesMax = 32 << 20;

  final TimeSource time = new SystemTime();
  private final List<AutoCloseable> opened = new ArrayList<>();

  CounterDoorFixture(Kind kind) {
    assumeTrue(kind == Kind.SINGLE || BatchSocket.isSupported(), "no batches on this system");
    this.kind = kind;
  }

  final class Node {
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
      ListenerConfig config =
          new ListenerConfig(
              secret, 10, Duration.ofSeconds(30), inputBytesMax, 1 << 20, Duration.ofSeconds(1), 1);
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

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  DatagramSocket udp() throws IOException {
    DatagramSocket socket = new DatagramSocket(loopback(0));
    socket.setSoTimeout(PATIENCE_MILLIS);
    opened.add(socket);
    return socket;
  }

  Socket tcp(Node node) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    opened.add(socket);
    return socket;
  }

  /** Closes this after the test. */
  void keep(AutoCloseable some) {
    opened.add(some);
  }

  /** Closes the sockets now. */
  void closeSockets() throws IOException {
    for (AutoCloseable some : opened) {
      if (some instanceof Socket socket) {
        socket.close();
      }
    }
  }

  static void send(DatagramSocket socket, Node node, byte[] packet) throws IOException {
    socket.send(new DatagramPacket(packet, packet.length, loopback(node.port)));
  }

  static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  static byte[] packet(char command, int id) {
    return TestPackets.packet(command, SECRET, id, "ns", "key");
  }

  static String data(byte[] reply) {
    return new String(reply, Packet.DATA, Packet.DATA_BYTES, StandardCharsets.UTF_8).trim();
  }

  static int id(byte[] reply) {
    return (int) FrameInput.fixed(reply, Packet.ID, Packet.ID_BYTES);
  }

  void await(BooleanSupplier condition) {
    long deadline = time.nanos() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    boolean held = condition.getAsBoolean();
    while (!held && time.nanos() < deadline) {
      Thread.onSpinWait();
      held = condition.getAsBoolean();
    }
    assertThat(held).isTrue();
  }
}
