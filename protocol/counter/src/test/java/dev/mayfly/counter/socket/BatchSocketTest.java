package dev.mayfly.counter.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The socket beside Java's own. */
class BatchSocketTest {
  private static final int PLACES = 16;
  private static final int BYTES_MAX = 2048;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int PATIENCE_MILLIS = 60_000;
  private static final long SEED = Long.getLong("seed", 20_260_102);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void isSupported() {
    assumeTrue(BatchSocket.isSupported(), "no batches on this system");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable some : opened.reversed()) {
      some.close();
    }
  }

  private BatchSocket open(String host) throws IOException {
    BatchSocket socket = new BatchSocket(address(host, 0), PLACES, BYTES_MAX, BUFFER_BYTES);
    opened.add(socket);
    return socket;
  }

  private static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  private DatagramSocket client(String host) throws IOException {
    DatagramSocket socket = new DatagramSocket(address(host, 0));
    socket.setSoTimeout(PATIENCE_MILLIS);
    opened.add(socket);
    return socket;
  }

  private static void send(DatagramSocket from, BatchSocket to, String host, byte[] bytes)
      throws IOException {
    int port = to.localAddress().getPort();
    from.send(new DatagramPacket(bytes, bytes.length, address(host, port)));
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  /** Answers each of so many datagrams with its first bytes, the very first one inverted. */
  private static void echo(BatchSocket socket, int count, int bytesMax) throws IOException {
    byte[] bytes = new byte[BYTES_MAX];
    for (int left = count; left > 0; ) {
      int received = socket.receive();
      for (int place = 0; place < received; place++) {
        int length = Math.min(socket.request(place, bytes), bytesMax);
        bytes[0] = (byte) ~bytes[0];
        socket.answer(place, bytes, Math.min(1, length), length);
      }
      assertThat(socket.flush(received)).isEqualTo(received);
      left -= received;
    }
  }

  private static byte[] numbered(int number, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "0.0.0.0, 127.0.0.1", "0.0.0.0, ::1"})
  void datagrams_ofEitherFamily_areAnswered(String listening, String reached) throws IOException {
    assumeTrue(!reached.equals("::1") || hasIpv6(), "no IPv6 on this system");
    BatchSocket socket = open(listening);
    DatagramSocket client = client(reached);

    for (int i = 0; i < 3 * PLACES; i++) {
      send(client, socket, reached, numbered(i, 100));
    }
    echo(socket, 3 * PLACES, BYTES_MAX);

    for (int i = 0; i < 3 * PLACES; i++) {
      byte[] expected = numbered(i, 100);
      expected[0] = (byte) ~expected[0];
      assertThat(receive(client)).isEqualTo(expected);
    }
  }

  private static boolean hasIpv6() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(address("::1", 0))) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    }
  }

  @Test
  void answers_ofRandomLengthsToRandomSenders_arriveAsTheyAreAndInOrder() throws IOException {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    BatchSocket socket = open("127.0.0.1");
    List<DatagramSocket> clients = List.of(client("127.0.0.1"), client("127.0.0.1"));
    int[] lengths = {0, 1, 100, 1500, BYTES_MAX};
    for (int round = 0; round < 50; round++) {
      List<DatagramSocket> senders = new ArrayList<>();
      List<byte[]> sent = new ArrayList<>();
      DatagramSocket sender = clients.getFirst();
      int length = 100;
      for (int i = 0; i < PLACES; i++) {
        // Mostly as before: answers that can be sent as one group.
        sender = random.nextInt(4) == 0 ? clients.get(random.nextInt(2)) : sender;
        length = random.nextInt(4) == 0 ? lengths[random.nextInt(lengths.length)] : length;
        senders.add(sender);
        sent.add(numbered(random.nextInt(), length));
        send(sender, socket, "127.0.0.1", sent.getLast());
      }

      echo(socket, PLACES, BYTES_MAX);

      for (int i = 0; i < PLACES; i++) {
        byte[] expected = sent.get(i);
        if (expected.length > 0) {
          expected[0] = (byte) ~expected[0];
        }
        assertThat(receive(senders.get(i))).isEqualTo(expected);
      }
    }
  }

  @Test
  void datagram_longerThanAPlace_isCut() throws IOException {
    BatchSocket socket = open("127.0.0.1");
    DatagramSocket client = client("127.0.0.1");

    send(client, socket, "127.0.0.1", numbered(7, BYTES_MAX + 500));

    assertThat(socket.receive()).isOne();
    assertThat(socket.request(0, new byte[BYTES_MAX])).isEqualTo(BYTES_MAX);
    assertThat(socket.flush(1)).isZero();
  }

  @Test
  void sender_isWhoSent_andCanBeSentTo() throws IOException {
    BatchSocket socket = open("0.0.0.0");
    DatagramSocket client = client("127.0.0.1");
    send(client, socket, "127.0.0.1", numbered(1, 10));
    assertThat(socket.receive()).isOne();

    InetSocketAddress sender = socket.sender(0);

    assertThat(sender).isEqualTo(client.getLocalSocketAddress());
    assertThat(socket.send(numbered(2, 20), sender)).isTrue();
    assertThat(receive(client)).isEqualTo(numbered(2, 20));
  }

  @Test
  void send_ofWhatCannotBeSent_isRefused() throws IOException {
    BatchSocket socket = open("127.0.0.1");
    InetSocketAddress own = socket.localAddress();

    assertThat(socket.send(new byte[BYTES_MAX + 1], own)).isFalse();
    assertThat(socket.send(new byte[1], address("::1", 9))).isFalse();
    assertThat(socket.send(new byte[1], InetSocketAddress.createUnresolved("x", 9))).isFalse();
    socket.close();
    assertThat(socket.send(new byte[1], own)).isFalse();
  }

  @Test
  void addressInUse_isToldAsSuch() throws IOException {
    InetSocketAddress taken = open("127.0.0.1").localAddress();

    assertThatThrownBy(() -> new BatchSocket(taken, PLACES, BYTES_MAX, BUFFER_BYTES))
        .isInstanceOf(BindException.class)
        .hasMessage("Address already in use");
  }

  @Test
  void foreignAddress_isToldAsSuch() {
    InetSocketAddress foreign = address("192.0.2.1", 0);

    assertThatThrownBy(() -> new BatchSocket(foreign, PLACES, BYTES_MAX, BUFFER_BYTES))
        .isInstanceOf(BindException.class)
        .hasMessage("Cannot assign requested address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
  void wake_letsReceiveComeBack(String host) throws Exception {
    BatchSocket socket = open(host);
    CompletableFuture<Integer> received = new CompletableFuture<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    int count = 0;
                    while (count == 0) {
                      count = socket.receive();
                    }
                    received.complete(count);
                  } catch (IOException e) {
                    received.completeExceptionally(e);
                  }
                });

    socket.wake();

    assertThat(received.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isOne();
    waiting.join();
    assertThat(socket.request(0, new byte[BYTES_MAX])).isZero();
  }

  @Test
  void receive_withoutADatagram_comesBackByItself() throws IOException {
    assertThat(open("127.0.0.1").receive()).isZero();
  }

  @Test
  void localAddress_ofAllInterfaces_isAnyLocal() throws IOException {
    InetAddress local = open("0.0.0.0").localAddress().getAddress();

    assertThat(local.isAnyLocalAddress()).isTrue();
  }
}
