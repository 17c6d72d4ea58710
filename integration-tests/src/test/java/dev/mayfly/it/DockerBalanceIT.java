package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The balancer before servers in containers of a real engine that come, go and stumble. */
@Timeout(600)
class DockerBalanceIT {
  private static final int CLIENTS = 4;
  private static final int ENOUGH = 100;
  private static final Pattern NODE = Pattern.compile("node ([^,]+),");

  /** A stop, a removal, a pause, a disconnect and a kill. */
  private static final int STUMBLES = 5;

  /** Far from the second that it should take: the machine may be busy. */
  private static final Duration SERVING_MAX = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final Map<String, Instant> firstAnswers = new ConcurrentHashMap<>();
  private final TimeSource time = new SystemTime();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();

  /** Even while no container stumbles. */
  private final AtomicInteger phase = new AtomicInteger();

  private final AtomicBoolean stop = new AtomicBoolean();

  @Test
  void serversOfAService_comeGoAndStumble_andClientsAreServed() throws Exception {
    try (DockerEngine engine = DockerEngine.open();
        HealthEvents events = new HealthEvents()) {
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

        // No shell is in there to ask for its health: it never turns good.
        engine.start("w3", "web", "--health-cmd", "true");
        engine.start("w2", "web", "--label", "com.docker.compose.oneoff=True");
        engine.start("w4", "web");
        calm("w1", "w2", "w4");
        tellOf(events, "w2", "w4");

        stumble(engine, balancer, "w1", "stop", "w1");
        calm("w2", "w4");
        engine.docker("start", "w1");
        calm("w1", "w2", "w4");
        stumble(engine, balancer, "w4", "rm", "--force", "w4");

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
        System.out.println("Requests cut with their container: " + cuts);
        assertThat(firstAnswers).doesNotContainKeys("w3", "x1");
        assertThat(cuts).hasValueLessThanOrEqualTo(STUMBLES * CLIENTS);
      }
    }
  }

  private void tellOf(HealthEvents events, String... names) {
    for (String name : names) {
      eventually().until(() -> events.isHealthy(name));
      Duration took = Duration.between(events.of(name), firstAnswers.get(name));
      System.out.println(name + " served " + took.toMillis() + " ms after its health was good");
      assertThat(took).isLessThan(SERVING_MAX);
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
        firstAnswers.putIfAbsent(answer, Instant.ofEpochMilli(time.millis()));
        answers.merge(answer, 1, Integer::sum);
      } else if (before % 2 == 0 && before == phase.get()) {
        failures.incrementAndGet();
      } else {
        // It was in the container that stumbled, which may have done it.
        cuts.incrementAndGet();
      }
    }
  }

  /** The name of the server that answers; empty if none does. */
  private static String ask(InetSocketAddress address) {
    try {
      String answer = RawHttp.ask(address, "GET", "/", "Accept: text/html");
      Matcher node = NODE.matcher(answer);
      return answer.startsWith("HTTP/1.1 200 ") && node.find() ? node.group(1) : "";
    } catch (IOException broken) {
      return "";
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }
}
