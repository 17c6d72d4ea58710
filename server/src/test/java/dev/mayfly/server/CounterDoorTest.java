package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.SystemTime;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CounterDoorTest {
  private static final byte[] NAMESPACE = "ns".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);

  private static MayflyServer start(Map<String, String> options) {
    Map<String, String> all =
        new HashMap<>(Map.of("http", "off", "monitor", "off", "grpc", "off", "resp", "off"));
    all.put("max-bytes", "16MiB");
    all.put("counter", "127.0.0.1:0");
    all.putAll(options);
    return MayflyServer.start(MayflyConfig.of(all));
  }

  private static int port(MayflyServer server) {
    return server.address("counter").orElseThrow() instanceof ListenAddress.Tcp tcp
        ? tcp.port()
        : -1;
  }

  /** A put of the key, as clients of the old kind send it, with a secret of eight bytes. */
  private static byte[] put(String secret) {
    byte[] packet = new byte[1500];
    Arrays.fill(packet, (byte) ' ');
    packet[0] = 'P';
    System.arraycopy(secret.getBytes(StandardCharsets.US_ASCII), 0, packet, 2, 8);
    System.arraycopy(NAMESPACE, 0, packet, 16, NAMESPACE.length);
    System.arraycopy(KEY, 0, packet, 81, KEY.length);
    return packet;
  }

  private static char ask(int port, byte[] packet) throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(60_000);
      InetAddress server = InetAddress.getLoopbackAddress();
      socket.send(new DatagramPacket(packet, packet.length, server, port));
      DatagramPacket reply = new DatagramPacket(new byte[2000], 2000);
      socket.receive(reply);
      return (char) reply.getData()[0];
    }
  }

  @Test
  void put_withTheSecret_isCounted(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "12345678\n");
    Map<String, String> fromFile = Map.of("counter.secret-file", file.toString());
    for (Map<String, String> options :
        Arrays.asList(fromFile, Map.of("counter.secret", "12345678"))) {
      try (MayflyServer server = start(options)) {
        assertThat(ask(port(server), put("12345678"))).isEqualTo('P');
        assertThat(ask(port(server), put("xxxxxxxx"))).isEqualTo('E');
        long now = new SystemTime().millis();
        assertThat(server.counters().count(NAMESPACE, KEY, now)).isEqualTo(1);
      }
    }
  }

  @Test
  void tcp_hasThePortOfDatagrams() throws Exception {
    try (MayflyServer server = start(Map.of());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write("x\n.\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().readNBytes(1503)).startsWith('E').endsWith('.', '\n');
    }
  }

  @Test
  void restPut_isSentToPeers_andHasAListenerOfItsOwn() throws Exception {
    try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        MayflyServer server =
            start(
                Map.of(
                    "counter.http",
                    "127.0.0.1:0",
                    "counter.secret",
                    "12345678",
                    "counter.peers",
                    "127.0.0.1:" + peer.getLocalPort()))) {
      peer.setSoTimeout(60_000);
      URI target =
          URI.create(
              "http://%s/put?namespace=ns&key=key"
                  .formatted(server.address("counter-http").orElseThrow()));

      try (HttpClient client = HttpClient.newHttpClient()) {
        String body =
            client
                .send(HttpRequest.newBuilder(target).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(body).isEqualTo("{\"count\":1}\n");
      }
      DatagramPacket sent = new DatagramPacket(new byte[2000], 2000);
      peer.receive(sent);

      assertThat(sent.getLength()).isEqualTo(1500);
      byte[] replicated = put("12345678");
      replicated[0] = 'R';
      System.arraycopy(sent.getData(), 11, replicated, 11, 4);
      assertThat(Arrays.copyOf(sent.getData(), 1500)).isEqualTo(replicated);
    }
  }

  @Test
  void tcp_withAnAddressOfItsOwn_isNotAtTheOtherOne() throws Exception {
    int free;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = probe.getLocalPort();
    }
    try (MayflyServer server = start(Map.of("counter.tcp", "127.0.0.1:" + free));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), free)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write("x\n.\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().readNBytes(1503)).startsWith('E');
      assertThat(ask(port(server), put("        "))).isEqualTo('E');
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port(server)).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void ttl_isHowLongAnEventCounts() {
    try (MayflyServer server = start(Map.of("counter.ttl", "5s"))) {
      long now = new SystemTime().millis();
      server.counters().hit(NAMESPACE, KEY, 1, now);

      assertThat(server.counters().count(NAMESPACE, KEY, now + 4_999)).isEqualTo(1);
      assertThat(server.counters().count(NAMESPACE, KEY, now + 5_000)).isZero();
    }
  }

  @Test
  void peers_withSelfAmongThem_leaveItOut() {
    Map<String, String> options =
        Map.of("counter.peers", "10.1.2.3,127.0.0.1:1", "counter.self", "10.1.2.3:3509");

    assertThat(CounterParts.peers(MayflyConfig.of(options).counter()))
        .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
  }

  @Test
  void secretFile_missing_isToldAtTheStart() {
    assertThatThrownBy(() -> start(Map.of("counter.secret-file", "/nowhere/secret")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("counter.secret-file");
  }

  @Test
  void peers_malformed_areRefused() {
    assertThatThrownBy(() -> start(Map.of("counter.peers", "10.0.0.1:x")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("counter.peers");
  }
}
