package dev.mayfly.remote;

import dev.mayfly.server.ListenAddress;
import dev.mayfly.server.MayflyConfig;
import dev.mayfly.server.MayflyServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A server in this process with a grpc door alone. */
final class TestServer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MayflyServer server;

  private TestServer(MayflyServer server) {
    this.server = server;
  }

  static TestServer start(Map<String, String> options) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "grpc", "127.0.0.1:0",
                "http", "off",
                "resp", "off",
                "counter", "off",
                "monitor", "off",
                "max-bytes", "64MiB",
                "min-lock-duration", "100ms",
                "stop-timeout", "100ms",
                "privileged-client-id", "root"));
    all.putAll(options);
    return new TestServer(MayflyServer.start(MayflyConfig.of(all)));
  }

  MayflyServer server() {
    return server;
  }

  int port() {
    return server.address("grpc").orElseThrow() instanceof ListenAddress.Tcp tcp ? tcp.port() : -1;
  }

  /** How to reach it; patient, since the machine may be busy. */
  RemoteConfig config(String client) {
    return RemoteConfig.of("127.0.0.1:" + port(), client).withDeadline(PATIENCE);
  }

  RemoteStore connect(String client) {
    return RemoteStore.connect(config(client));
  }

  @Override
  public void close() {
    server.close();
  }
}
