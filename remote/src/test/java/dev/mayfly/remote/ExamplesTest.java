package dev.mayfly.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.server.MayflyConfig;
import dev.mayfly.server.MayflyServer;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SystemTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of README.md: they are compiled, run, and are what stands there. */
@Timeout(60)
final class ExamplesTest {
  private static final Path README = Path.of("../README.md");
  private static final Path SOURCE = Path.of("src/test/java/dev/mayfly/remote/ExamplesTest.java");

  private final List<String> out = new ArrayList<>();

  private void println(String line) {
    out.add(line);
  }

  // example: client
  private void client(String address) throws InterruptedException {
    try (RemoteStore store = RemoteStore.connect(RemoteConfig.of(address, "worker-1"));
        RemoteLease presence = store.lease(Duration.ofSeconds(10));
        RemoteWatch jobs =
            store.watch(
                WatchRequest.newBuilder()
                    .setPrefix(RemoteStore.bytes("jobs/"))
                    .setValues(true)
                    .build())) {
      jobs.opened().join();
      // As long as this process lives, and not longer than ten seconds after it.
      store.set(
          SetRequest.newBuilder()
              .setKey(RemoteStore.bytes("workers/1"))
              .setLifespan(presence.lifespan())
              .build());
      store.set(RemoteStore.bytes("jobs/7"), RemoteStore.bytes("resize"));

      if (jobs.next() instanceof WatchMessage.Changes changes) {
        var job = changes.events().getFirst();
        try (RemoteLock lock =
            store.lock(job.getKey(), Duration.ofSeconds(10), Duration.ofSeconds(30))) {
          println(
              job.getValue().toStringUtf8() + (lock.fencingToken() > 0 ? " is mine" : " is not"));
        }
      }
    }
  }

  // example end

  // example: embedding
  private void embedded() {
    MayflyConfig config =
        MayflyConfig.of(
            Map.of(
                "http", "127.0.0.1:0", // 0: a free port
                "grpc", "127.0.0.1:0",
                "resp", "off",
                "counter", "off",
                "monitor", "off"));
    try (MayflyServer server = MayflyServer.start(config)) {
      EventReader events = server.eventLog().readFromEnd();
      Rules rules = new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, false, 5, true);
      Stamp now = new Stamp(new SystemTime().millis(), "host");
      byte[] key = "session:42".getBytes(StandardCharsets.UTF_8);
      byte[] value = "hello".getBytes(StandardCharsets.UTF_8);

      server
          .keyspace()
          .apply(dev.mayfly.store.SetRequest.of(key, value, Lifespan.ofMillis(60_000), rules), now);
      long hits = server.counters().hit(new byte[0], key, 1, now.timeMillis());

      List<Event> told = new ArrayList<>();
      events.poll(10, told::add);
      println(told.getFirst().kind() + " at " + server.address("http").orElseThrow());
      println(server.keyspace().read(ReadRequest.value(key), now) + " " + hits);
    }
  }

  // example end

  @Test
  void client_runs() throws InterruptedException {
    try (TestServer server = TestServer.start(Map.of())) {
      client("127.0.0.1:" + server.port());
    }

    assertThat(out).containsExactly("resize is mine");
  }

  @Test
  void embedded_runs() {
    embedded();

    assertThat(out.getFirst()).startsWith("CREATED at 127.0.0.1:");
    assertThat(out.getLast()).endsWith(" 1");
  }

  @Test
  void readme_hasTheExamplesAsTheyAreHere() throws IOException {
    String readme = Files.readString(README);
    for (String name : List.of("client", "embedding")) {
      assertThat(readme).contains("```java\n" + example(name) + "```");
    }
  }

  private static String example(String name) throws IOException {
    String source = Files.readString(SOURCE);
    int begin = source.indexOf("  // example: " + name + "\n");
    int end = source.indexOf("\n\n  // example end", begin);
    String example = source.substring(source.indexOf('\n', begin) + 1, end);
    return example.stripIndent() + "\n";
  }
}
