package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.CounterClient;
import dev.mayfly.client.CounterClientConfig;
import dev.mayfly.client.CounterException;
import dev.mayfly.client.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The balancer as its own process, before real servers. */
@Timeout(300)
class BalanceIT {
  private static final int CLIENTS = 8;
  private static final String ROUTE = "/healthcheck";

  @TempDir Path folder;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger cut = new AtomicInteger();
  private final AtomicInteger failedLate = new AtomicInteger();
  private volatile boolean killed;

  @Test
  void serverKilledUnderLoad_costsOnlyWhatWasInIt() throws Exception {
    Path file = folder.resolve("backends");
    try (ServerFixture one = ServerFixture.start(folder);
        ServerFixture two = ServerFixture.start(folder);
        ServerFixture three = ServerFixture.start(folder)) {
      Files.writeString(file, one.address() + "\n" + two.address() + "\n");
      try (BalancerFixture balancer =
          BalancerFixture.start(
              folder, "--file", "" + file, "--refresh", "100ms", "--health", "http:" + ROUTE)) {
        eventually().until(() -> balancer.isUp(one.address()) && balancer.isUp(two.address()));
        CompletableFuture<?> load = load(balancer.address());
        eventually().until(() -> answered.get() > 200);
        assertThat(balancer.hits(one.address())).isPositive();

        one.process().close();
        one.process().exitCode();
        killed = true;
        int before = answered.get();
        eventually().until(() -> answered.get() > before + 200);
        replace(file, two.address() + "\n" + three.address() + "\n");
        eventually().until(() -> balancer.hits(three.address()) > 20);

        stop.set(true);
        load.get();
        // What a client had sent to the killed server may have been done: nobody can send it again.
        assertThat(cut).hasValueLessThanOrEqualTo(CLIENTS);
        assertThat(failedLate).hasValue(0);
        assertThat(balancer.hits(one.address())).isEqualTo(-1);
      }
    }
  }

  /** Clients that ask one question on a connection of its own, again and again. */
  private CompletableFuture<?> load(InetSocketAddress address) {
    return CompletableFuture.allOf(
        Stream.generate(
                () ->
                    CompletableFuture.runAsync(
                        () -> askUntilStopped(address), task -> Thread.ofVirtual().start(task)))
            .limit(CLIENTS)
            .toArray(CompletableFuture<?>[]::new));
  }

  private void askUntilStopped(InetSocketAddress address) {
    while (!stop.get()) {
      boolean late = killed;
      if (isAnswered(address)) {
        answered.incrementAndGet();
      } else if (late) {
        failedLate.incrementAndGet();
      } else {
        cut.incrementAndGet();
      }
    }
  }

  private static boolean isAnswered(InetSocketAddress address) {
    try {
      return RawHttp.ask(address, "GET", ROUTE).startsWith("HTTP/1.1 200 ");
    } catch (IOException broken) {
      return false;
    }
  }

  @Test
  void balancerTerminated_finishesWhatIsOpen_andExitsWith0() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder);
        BalancerFixture balancer = BalancerFixture.start(folder, "--backend", server.address())) {
      eventually().until(() -> balancer.isUp(server.address()));
      try (RawHttp open = new RawHttp(balancer.address())) {
        open.send("PUT /v1/keys/half HTTP/1.1\r\nHost: x\r\n".getBytes(US_ASCII));
        eventually().until(() -> balancer.hits(server.address()) == 1);

        balancer.process().signal("TERM");
        eventually().until(() -> !isAnswered(balancer.address()));
        open.send("Connection: close\r\nContent-Length: 1\r\n\r\nx".getBytes(US_ASCII));

        assertThat(open.statusLine()).startsWith("HTTP/1.1 20");
        open.readToEnd();
      }
      assertThat(balancer.process().exitCode()).isZero();
    }
  }

  @Test
  void backendDrainedByCommand_getsNothingNew() throws Exception {
    try (ServerFixture one = ServerFixture.start(folder);
        ServerFixture two = ServerFixture.start(folder);
        BalancerFixture balancer =
            BalancerFixture.start(folder, "--backend", one.address(), two.address())) {
      eventually().until(() -> balancer.isUp(one.address()) && balancer.isUp(two.address()));

      assertThat(balancer.monitor("POST", "/drain?backend=" + one.address()))
          .startsWith("HTTP/1.1 200 ");
      for (int i = 0; i < 10; i++) {
        assertThat(isAnswered(balancer.address())).isTrue();
      }

      assertThat(balancer.hits(one.address())).isZero();
      assertThat(balancer.hits(two.address())).isEqualTo(10);
    }
  }

  @Test
  void datagramsOfACounterClient_areServed() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder);
        BalancerFixture balancer =
            BalancerFixture.start(
                folder,
                "--backend",
                server.address(),
                "--udp",
                "127.0.0.1:0",
                "--udp-port",
                server.counterAddress().replaceFirst(".*:", ""))) {
      eventually().until(() -> balancer.isUp(server.address()));
      var address = new ServerAddress.Tcp("127.0.0.1", balancer.udpPort());
      try (CounterClient client = CounterClient.open(CounterClientConfig.of(List.of(address)))) {
        // A datagram may be lost anywhere.
        eventually().until(() -> hit(client) >= 3);
      }
    }
  }

  private static long hit(CounterClient client) throws InterruptedException {
    try {
      return client.hit("n".getBytes(UTF_8), "k".getBytes(UTF_8)).get();
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(CounterException.class);
      return 0;
    }
  }

  private void replace(Path file, String text) {
    try {
      Path other = Files.writeString(folder.resolve("other"), text);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }
}
