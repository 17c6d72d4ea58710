package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The balancer before containers of a real engine that come, go and stumble under load. */
@Timeout(600)
class DockerBalanceIT {
  private static final int CLIENTS = 4;
  private static final int ENOUGH = 100;

  /** A stop, a pause, a disconnect and a kill. */
  private static final int STUMBLES = 4;

  @TempDir Path folder;

  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();

  /** Even while no container stumbles. */
  private final AtomicInteger phase = new AtomicInteger();

  private final AtomicBoolean stop = new AtomicBoolean();

  @Test
  void containersOfAService_comeGoAndStumble_andClientsAreServed() throws Exception {
    try (DockerEngine engine = DockerEngine.open(folder)) {
      engine.start("w1", "web");
      engine.start("x1", "other");
      try (BalancerFixture balancer =
          BalancerFixture.start(
              folder,
              "--docker",
              engine.api(),
              "--service",
              "web",
              "--port",
              "8080",
              "--network",
              engine.network(),
              "--drain-time",
              "3s")) {
        eventually().until(() -> balancer.isUp("w1"));
        CompletableFuture<?> load = load(balancer.address());

        engine.start("w2", "web", "--label", "com.docker.compose.oneoff=True");
        engine.start("w3", "web", "--health-cmd", "false", "--health-interval", "1s");
        calm("w1", "w2");

        stumble(engine, balancer, "w1", "stop", "w1");
        calm("w2");
        engine.docker("start", "w1");
        calm("w1", "w2");

        stumble(engine, balancer, "w2", "pause", "w2");
        calm("w1");
        engine.docker("unpause", "w2");
        calm("w1", "w2");

        stumble(engine, balancer, "w1", "network", "disconnect", engine.network(), "w1");
        calm("w2");
        engine.docker("network", "connect", engine.network(), "w1");
        calm("w1", "w2");

        stumble(engine, balancer, "w2", "kill", "w2");
        calm("w1");

        stop.set(true);
        load.get();
        assertThat(answers).doesNotContainKeys("w3", "x1");
        assertThat(cuts).hasValueLessThanOrEqualTo(STUMBLES * CLIENTS);
      }
    }
  }

  /** Does something to a container, and waits until it is out of use. */
  private void stumble(
      DockerEngine engine, BalancerFixture balancer, String name, String... command)
      throws IOException, InterruptedException {
    phase.incrementAndGet();
    engine.docker(command);
    eventually().until(() -> !balancer.isUp(name));
    phase.incrementAndGet();
  }

  /** Waits until each of these has answered a number of times. */
  private void calm(String... names) {
    answers.clear();
    for (String name : names) {
      eventually().until(() -> answers.getOrDefault(name, 0) > ENOUGH);
    }
    assertThat(failures).hasValue(0);
  }

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
      int before = phase.get();
      String answer = ask(address);
      if (!answer.isEmpty()) {
        answers.merge(answer, 1, Integer::sum);
      } else if (before % 2 == 0 && before == phase.get()) {
        failures.incrementAndGet();
      } else {
        // It was in the container that stumbled, which may have done it.
        cuts.incrementAndGet();
      }
    }
  }

  /** The name of the container that answers; empty if none does. */
  private static String ask(InetSocketAddress address) {
    try {
      String answer = RawHttp.ask(address, "GET", "/index.html");
      return answer.matches("(?s)HTTP/1[.][01] 200 .*")
          ? answer.strip().replaceFirst("(?s).*\n", "")
          : "";
    } catch (IOException broken) {
      return "";
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }
}
