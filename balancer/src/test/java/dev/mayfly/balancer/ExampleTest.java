package dev.mayfly.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that has a balancer in it, and its own way to know the backends. */
@Timeout(120)
class ExampleTest {
  @Test
  void discoveryOfOnesOwn_changesItsMind_andConnectionsFollow() throws Exception {
    try (TestBackend blue = TestBackend.named("blue");
        TestBackend green = TestBackend.named("green")) {
      Registry registry = new Registry();
      registry.tell(blue.backend());
      BalancerConfig config =
          BalancerConfig.listeningAt(new HostPort("127.0.0.1", 0))
              .withPolicy(Policy.LEAST_CONNECTIONS)
              .withHealth(HealthCheck.off());

      try (Balancer balancer = Balancer.start(config, registry)) {
        assertThat(greeting(balancer.address())).isEqualTo("blue");

        registry.tell(green.backend());

        assertThat(greeting(balancer.address())).isEqualTo("green");
        assertThat(balancer.backends())
            .extracting(BackendStatus::id, BackendStatus::state)
            .containsExactly(tuple(green.backend().id(), "up"));
      }
      assertThat(registry.isClosed).isTrue();
    }
  }

  /** Backends as some other part of the program knows them. Safe for concurrent use. */
  private static final class Registry implements Discovery {
    private final AtomicReference<List<Backend>> known = new AtomicReference<>(List.of());
    private volatile Consumer<List<Backend>> listener = list -> {};
    private volatile boolean isClosed;

    void tell(Backend... backends) {
      known.set(List.of(backends));
      listener.accept(known.get());
    }

    @Override
    public void start(Consumer<List<Backend>> told) {
      listener = told;
      told.accept(known.get());
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private static String greeting(HostPort address) throws Exception {
    try (Socket client = new Socket(InetAddress.getByName(address.host()), address.port())) {
      return new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }
}
