package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.EventFilter;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.Watch;
import dev.mayfly.store.WatchRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MayflyServerTest {
  @TempDir Path folder;

  @Test
  void start_freePorts_isReadyAndKnowsThem() throws Exception {
    try (MayflyServer server = MayflyServer.start(config(Map.of()))) {
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(server, "/metrics").body()).contains("mayfly_keys 0.0");
      assertThat(server.address("http")).get().hasToString("127.0.0.1:" + port(server, "http"));
    }
  }

  @Test
  void embedded_twoServers_handOutStoresOfTheirOwn() {
    Stamp now = new Stamp(new SystemTime().millis(), "host");
    byte[] key = {'k'};
    Rules rules = new Rules(1, 100, Rules.UnstatedLifespan.CLEAR, false, 0, false);
    try (MayflyServer one = MayflyServer.start(config(Map.of()));
        MayflyServer two = MayflyServer.start(config(Map.of()))) {
      EventReader events = one.eventLog().readFromEnd();
      one.keyspace().apply(SetRequest.of(key, key, Lifespan.CLEAR, rules), now);
      one.counters().hit(key, key, 3, now.timeMillis());
      long lease = one.leases().grant(60_000, now).lease();
      Watch watch =
          one.watches().open(new WatchRequest(EventFilter.ALL, null, true, SlowPolicy.NOTICE));

      assertThat(events.poll(10, event -> assertThat(event.key()).isEqualTo(key))).isEqualTo(1);
      assertThat(one.counters().count(key, key, now.timeMillis())).isEqualTo(3);
      assertThat(one.leases().inspect(lease, now).keys()).isZero();
      assertThat(one.limits().named()).isEmpty();
      assertThat(one.watches().count()).isEqualTo(1);
      assertThat(two.keyspace().stats().keys()).isZero();
      assertThat(two.counters().countAll(now.timeMillis())).isZero();
      assertThat(two.leases().stats().leases()).isZero();
      assertThat(one.address("grpc")).isNotEqualTo(two.address("grpc"));
      watch.close();
    }
  }

  @Test
  void stop_twice_closesThePortsOnce() {
    MayflyServer server = MayflyServer.start(config(Map.of()));
    URI monitor = uri(server, "/livez");

    server.stop();
    server.stop();

    assertThatThrownBy(() -> get(monitor)).isInstanceOf(IOException.class);
  }

  @Test
  void start_addressInUse_saysWhichDoorAndClosesTheRest() throws Exception {
    int monitorPort = freePort();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Map<String, String> options =
          Map.of(
              "http", address, "monitor", "127.0.0.1:" + monitorPort, "grpc", "off", "resp", "off");

      assertThatThrownBy(() -> MayflyServer.start(config(options)))
          .isInstanceOf(StartException.class)
          .hasMessageStartingWith("http cannot listen on " + address + ": ");
    }
    new ServerSocket(monitorPort, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void start_partThatCannot_saysWhyAndClosesTheRest() throws Exception {
    int monitorPort = freePort();
    Map<String, String> options =
        Map.of("monitor", "127.0.0.1:" + monitorPort, "counter.secret-file", "/nowhere/secret");

    assertThatThrownBy(() -> MayflyServer.start(config(options)))
        .isInstanceOfSatisfying(StartException.class, e -> assertThat(e.isFault()).isFalse())
        .hasMessage("cannot read counter.secret-file: /nowhere/secret");
    new ServerSocket(monitorPort, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void start_staleUnixSocket_takesItsPlace() throws Exception {
    Path path = folder.resolve("s");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path))
        .close();
    assertThat(path).exists();

    try (MayflyServer server = MayflyServer.start(config(Map.of("monitor", "unix://" + path)))) {
      assertThat(server.address("monitor")).get().hasToString("unix://" + path);
      SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
      assertThatThrownBy(() -> MayflyServer.start(config(Map.of("monitor", "unix://" + path))))
          .hasMessage("monitor cannot listen on unix://" + path + ": Address already in use");
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void start_fileInPlaceOfAUnixSocket_leavesItAlone() throws Exception {
    Path path = Files.writeString(folder.resolve("s"), "precious");

    assertThatThrownBy(() -> MayflyServer.start(config(Map.of("monitor", "unix://" + path))))
        .hasMessageEndingWith("the file exists and is no socket");
    assertThat(path).hasContent("precious");
  }

  @Test
  void startBlock_tellsDoorsWarningsAndReady() {
    LoadedConfig loaded =
        new ConfigLoader(TestSurroundings.of(Map.of("KEYQUARRY_MAX_KEYS", "1")))
            .load(
                Map.of(
                    "http",
                    ":0",
                    "monitor",
                    "127.0.0.1:0",
                    "grpc",
                    "127.0.0.1:0",
                    "counter",
                    "127.0.0.1:0",
                    "resp",
                    "127.0.0.1:0",
                    "readonly",
                    "true",
                    "privileged-client-id",
                    "hunter2",
                    "max-bytes",
                    "16MiB"));
    try (MayflyServer server = MayflyServer.start(loaded.config())) {
      String block = new StartBlock(loaded, server).render();

      assertThat(block)
          .startsWith("mayfly ")
          .contains("\n  monitor   127.0.0.1:" + port(server, "monitor") + "\n")
          .contains("\n  http      :" + port(server, "http") + " (all interfaces)\n")
          .contains("\n  data      in memory only, at most 16MiB\n")
          .contains("warning   KEYQUARRY_MAX_KEYS is not read: MAYFLY_MAX_KEYS replaces it")
          .contains("\n  resp      127.0.0.1:" + port(server, "resp") + "\n")
          .contains("\n  grpc      127.0.0.1:" + port(server, "grpc") + "\n")
          .contains("is open to other machines, and nobody has to prove who they are")
          .contains("warning   writes are refused: readonly is set")
          .endsWith("\nready\n")
          .doesNotContain("hunter2");
      assertThat(server.keyspace().isReadOnly()).isTrue();
    }
  }

  private static MayflyConfig config(Map<String, String> options) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "http",
                "127.0.0.1:0",
                "monitor",
                "127.0.0.1:0",
                "grpc",
                "127.0.0.1:0",
                "counter",
                "127.0.0.1:0",
                "resp",
                "127.0.0.1:0",
                "max-bytes",
                "16MiB"));
    all.putAll(options);
    return MayflyConfig.of(all);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int port(MayflyServer server, String door) {
    return server.address(door).orElseThrow() instanceof ListenAddress.Tcp tcp ? tcp.port() : -1;
  }

  private static URI uri(MayflyServer server, String path) {
    return URI.create("http://127.0.0.1:" + port(server, "monitor") + path);
  }

  private static HttpResponse<String> get(MayflyServer server, String path) throws Exception {
    return get(uri(server, path));
  }

  private static HttpResponse<String> get(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
