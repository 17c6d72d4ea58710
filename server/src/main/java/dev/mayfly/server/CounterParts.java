package dev.mayfly.server;

import dev.mayfly.counter.CounterListener;
import dev.mayfly.counter.ListenerConfig;
import dev.mayfly.counter.Secret;
import dev.mayfly.engine.CounterConfig;
import dev.mayfly.store.CounterPolicy;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the server's configuration into that of counters and of their door. */
final class CounterParts {
  private static final int PORT_DEFAULT = 3509;

  private CounterParts() {}

  static CounterConfig engine(MayflyConfig config) {
    MayflyConfig.Counter counter = config.counter();
    CounterPolicy policy = CounterPolicy.ofWindow(counter.window().toMillis());
    return CounterConfig.of(policy, counter.memoryMax().bytes())
        .withLimits(counter.keysMax(), counter.memoryMax().bytes(), counter.namespacesMax());
  }

  static ListenerConfig listener(MayflyConfig config, Secret secret) {
    MayflyConfig.Counter counter = config.counter();
    int loops = Runtime.getRuntime().availableProcessors();
    return new ListenerConfig(
        secret,
        counter.connectionsMax(),
        counter.idleTimeout(),
        counter.inputMax().bytes(),
        counter.outputMemory().bytes(),
        counter.outputTimeout(),
        loops);
  }

  /**
   * The secret itself, or the first line of its file.
   *
   * @throws StartException if the file cannot be read
   */
  static Secret secret(MayflyConfig.Counter counter) {
    if (counter.secretFile().isEmpty()) {
      return counter.secret().isEmpty() ? Secret.NONE : Secret.of(counter.secret());
    }
    try {
      List<String> lines = Files.readAllLines(Path.of(counter.secretFile()));
      return lines.isEmpty() ? Secret.NONE : Secret.of(lines.getFirst());
    } catch (IOException e) {
      throw StartException.circumstance("cannot read counter.secret-file: " + e.getMessage(), e);
    }
  }

  /** The addresses of a list with commas between, whose host is not empty. */
  static List<ListenAddress.Tcp> addresses(String list) {
    List<ListenAddress.Tcp> addresses = new ArrayList<>();
    for (String text : list.split(",", -1)) {
      String one = text.strip();
      if (one.isEmpty()) {
        continue;
      }
      if (!(ListenAddress.parse(one, PORT_DEFAULT) instanceof ListenAddress.Tcp tcp)
          || tcp.host().isEmpty()) {
        throw new IllegalArgumentException("'" + one + "' is not host:port");
      }
      addresses.add(tcp);
    }
    return addresses;
  }

  /** The peers but for this server's own address, if that is told. */
  static List<InetSocketAddress> peers(MayflyConfig.Counter counter) {
    List<ListenAddress.Tcp> self = addresses(counter.self());
    List<InetSocketAddress> peers = new ArrayList<>();
    for (ListenAddress.Tcp peer : addresses(counter.peers())) {
      InetSocketAddress resolved = new InetSocketAddress(peer.host(), peer.port());
      if (resolved.isUnresolved()) {
        throw StartException.circumstance(
            "counter.peers: no address is known for '%s'".formatted(peer.host()), null);
      }
      if (!self.contains(peer)) {
        peers.add(resolved);
      }
    }
    return peers;
  }

  /** The door, whose calls to start and to stop block. */
  static Door door(Vertx vertx, CounterListener listener, ListenAddress tcp) {
    return new BlockingDoor(
            "counter",
            vertx,
            address -> listener.start(inet(address), inet(tcp)),
            drain -> listener.stop())
        .door();
  }

  private static InetSocketAddress inet(SocketAddress address) throws IOException {
    if (address instanceof InetSocketAddress inet) {
      return inet;
    }
    throw new IOException("datagrams need host:port");
  }

  private static @Nullable InetSocketAddress inet(ListenAddress address) throws IOException {
    return switch (address) {
      case ListenAddress.Off off -> null;
      case ListenAddress.Unix unix -> throw new IOException("counter.tcp needs host:port");
      case ListenAddress.Tcp tcp ->
          new InetSocketAddress(tcp.host().isEmpty() ? "0.0.0.0" : tcp.host(), tcp.port());
    };
  }
}
