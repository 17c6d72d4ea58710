package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.ClientConfig;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyConnectionException;
import dev.mayfly.client.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of a store that is several times larger than the heap, and the start with them. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class BigStoreIT {
  /** The store is outside of the heap; what a snapshot needs is in it. */
  private static final Map<String, String> SMALL_HEAP =
      Map.of("_JAVA_OPTIONS", "-Xmx64m -XX:+ExitOnOutOfMemoryError");

  private static final int KEYS = 25_000;
  private static final int VALUE_BYTES = 10_000;
  private static final int BATCH = 50;

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private ServerFixture start() throws IOException {
    return ServerFixture.start(
        folder,
        SMALL_HEAP,
        "--data",
        data().toString(),
        "--durability",
        "snapshot",
        "--snapshot-interval",
        "0",
        "--max-bytes",
        "1GiB");
  }

  private static void fill(ServerFixture server) throws IOException {
    String value = "v".repeat(VALUE_BYTES);
    try (RespWire wire = new RespWire(server.respPort())) {
      for (int key = 0; key < KEYS; key += BATCH) {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < BATCH; i++) {
          String name = "key" + (key + i);
          batch.append(
              "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
                  .formatted(name.length(), name, VALUE_BYTES, value));
        }
        wire.send(batch.toString().getBytes(ISO_8859_1));
        for (int i = 0; i < BATCH; i++) {
          assertThat(wire.reply().text()).isEqualTo("+OK");
        }
      }
    }
  }

  private static String get(ServerFixture server, String key) throws IOException {
    try (RespWire wire = new RespWire(server.respPort())) {
      return wire.ask(List.of("GET", key)).text();
    }
  }

  private static void set(ServerFixture server, String key, String value) throws IOException {
    try (RespWire wire = new RespWire(server.respPort())) {
      assertThat(wire.ask(List.of("SET", key, value)).text()).isEqualTo("+OK");
    }
  }

  @Test
  void snapshot_storeLargerThanTheHeap_isMadeWhileWritesGoOnAndLoaded() throws Exception {
    try (ServerFixture server = start()) {
      fill(server);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong last = new AtomicLong();
      CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(server, stop, last));
      try (MayflyClient client = patient(server)) {
        assertThat(client.makeSnapshot().number("entries", 0)).isGreaterThanOrEqualTo(KEYS);
      }
      stop.set(true);
      writer.get(60, TimeUnit.SECONDS);
      assertThat(last.get()).isPositive();
      set(server, "mark", "first");
      makeSnapshot(server).get(120, TimeUnit.SECONDS);
      set(server, "mark", "later");

      CompletableFuture<Void> cutOff = makeSnapshot(server);
      Awaitility.await()
          .pollInterval(Duration.ofMillis(5))
          .atMost(Duration.ofSeconds(60))
          .until(() -> rows("mayfly_snapshots WHERE complete = 0") == 1);
      server.process().close();
      assertThat(server.process().exitCode()).isNotZero();
      cutOff.handle((done, failure) -> failure).get(60, TimeUnit.SECONDS);
      assertThat(rows("mayfly_snapshots WHERE complete = 0")).as("cut off").isEqualTo(1);
    }

    try (ServerFixture server = start();
        MayflyClient client = server.client()) {
      assertThat(get(server, "mark")).isEqualTo("$first");
      assertThat(get(server, "key" + (KEYS - 1))).hasSize(1 + VALUE_BYTES);
      assertThat(client.stats().number("keys", 0)).isEqualTo(KEYS + 2);
      assertThat(client.snapshots().toString()).contains("\"id\":2,").doesNotContain("\"id\":3,");
      set(server, "mark", "again");
      makeSnapshot(server).get(120, TimeUnit.SECONDS);
      assertThat(rows("mayfly_snapshots WHERE complete = 0")).isZero();
      assertThat(rows("mayfly_snapshot_entries WHERE snapshot = 3")).isZero();
      server.process().signal("TERM");
      assertThat(server.process().exitCode()).isZero();
    }
  }

  private static MayflyClient patient(ServerFixture server) {
    return new MayflyClient(
        ClientConfig.of(ServerAddress.parse(server.address()))
            .withReadTimeout(Duration.ofMinutes(2)));
  }

  private long rows(String from) throws Exception {
    return JournalPlaces.number(data(), "SELECT COUNT(*) FROM " + from);
  }

  private static CompletableFuture<Void> makeSnapshot(ServerFixture server) {
    return CompletableFuture.runAsync(
        () -> {
          try (MayflyClient client = patient(server)) {
            client.makeSnapshot();
          } catch (MayflyConnectionException e) {
            // The server was killed meanwhile.
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static void write(ServerFixture server, AtomicBoolean stop, AtomicLong last) {
    try (RespWire wire = new RespWire(server.respPort())) {
      for (long n = 1; !stop.get(); n++) {
        assertThat(wire.ask(List.of("SET", "rising", "" + n)).text()).isEqualTo("+OK");
        last.set(n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
