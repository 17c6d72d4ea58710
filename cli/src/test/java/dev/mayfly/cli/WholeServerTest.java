package dev.mayfly.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.server.MayflyConfig;
import dev.mayfly.server.MayflyServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands against a server as it is. */
@Timeout(60)
class WholeServerTest {
  private MayflyServer server;

  @BeforeEach
  void start() {
    Map<String, String> options = new HashMap<>();
    options.put("http", "127.0.0.1:0");
    options.put("monitor", "off");
    options.put("grpc", "off");
    options.put("counter", "off");
    options.put("resp", "off");
    options.put("max-bytes", "16MiB");
    options.put("privileged-client-id", "root");
    server = MayflyServer.start(MayflyConfig.of(options));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Run run(String... words) {
    return Run.in(environment(), InputStream.nullInputStream(), true, words);
  }

  private Map<String, String> environment() {
    return Map.of("MAYFLY_ADDRESS", server.address("http").orElseThrow().toString());
  }

  /** Runs a command on a thread of its own; its output can be looked at meanwhile. */
  private CompletableFuture<Integer> start(OutputStream out, OutputStream err, String... words) {
    return CompletableFuture.supplyAsync(
        () -> Run.run(out, err, environment(), InputStream.nullInputStream(), true, words));
  }

  private static void awaitText(ByteArrayOutputStream out, String text) {
    while (!out.toString(UTF_8).contains(text)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void awaitWatchers(int count) {
    while (server.watches().count() != count) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void watch_tellsWhatIsWanted_untilTheServerStops() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    run("set", "session:1", "x");
    CompletableFuture<Integer> watch =
        start(out, err, "watch", "session:*", "--current", "--values", "--events=created,deleted");
    awaitWatchers(1);
    run("set", "session:2", "y");
    run("set", "other", "y");
    run("set", "session:2", "z");
    run("delete", "session:2", "--client-id", "bob");
    awaitText(out, "DELETED");

    server.stop();

    assertThat(watch.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    List<String> lines = out.toString(UTF_8).lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"key\":\"session:1\"", "\"event\":\"NO_EVENT\"");
    assertThat(lines.get(1)).contains("\"key\":\"session:2\",\"event\":\"CREATED\"", "\"eQ==\"");
    assertThat(lines.get(2)).contains("\"client_id\":\"bob\"", "\"value\":\"eg==\"");
    assertThat(err.toString(UTF_8)).contains("server is shutting down (go on with --after ");
  }

  @Test
  void watchKey_endsWithTheKey() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    run("set", "k", "bar");
    CompletableFuture<Integer> watch = start(out, out, "watch-key", "k");
    awaitText(out, "NO_EVENT");
    run("set", "k", "baz");
    run("delete", "k");

    assertThat(watch.get(30, TimeUnit.SECONDS)).isZero();
    List<String> lines = out.toString(UTF_8).lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .contains(
            "\"key\":\"k\"",
            "\"hash\":16101355973854746",
            "\"value\":\"YmFy\"",
            "\"event_client_id\":\"keyquarry\"");
    assertThat(lines.get(1)).contains("\"key_event\":\"UPDATED\"", "\"version\":2");
    assertThat(lines.get(2)).contains("\"key_event\":\"DELETED\"", "\"event_timestamp\":\"20");
  }

  @Test
  void lock_waits_forWhoHasIt() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    run("lock", "k", "1m", "--create-if-missing", "--client-id", "alice");
    assertThat(run("lock", "k", "1m", "--client-id", "bob").code()).isEqualTo(1);
    CompletableFuture<Integer> bob =
        start(out, out, "lock", "k", "1m", "--wait", "30s", "--client-id", "bob");
    while (server.keyspace().stats().lockWaiters() == 0) {
      LockSupport.parkNanos(1_000_000);
    }

    run("unlock", "k", "--client-id", "alice");

    assertThat(bob.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString(UTF_8)).startsWith("{\"success\":true,\"token\":");
    assertThat(run("lock", "k", "1m", "--wait", "10ms").err()).contains("within the wait");
  }

  @Test
  void get_revision_andMetrics() {
    run("set", "k", "one");
    run("set", "k", "two");

    assertThat(run("get", "k", "--revision", "1").out()).isEqualTo("one");
    assertThat(run("get", "k", "--revision=-1").out()).isEqualTo("one");
    assertThat(run("get", "k", "--revision", "9").code()).isEqualTo(1);
    assertThat(run("get", "k", "--revision", "x").code()).isEqualTo(2);
    assertThat(run("key-metric", "k").out()).contains("\"access_count\":", "\"set_count\":2");
    assertThat(run("key-metric", "missing").err()).contains("Key not found: 'missing'");
  }

  @Test
  void list_includeReserved_hasTheServersOwn() {
    run("set", "k", "1");

    assertThat(run("list").out()).isEqualTo("k\n");
    assertThat(run("list", "--include-reserved").out().lines()).hasSize(17);
    assertThat(run("get", "keyquarry/MaxLockDuration").out()).isEqualTo("900000000000");
  }

  @Test
  void operator_prunes_refusesWrites_stops() throws Exception {
    for (int i = 0; i < 5; i++) {
      run("set", "k" + i, "1");
    }
    LockSupport.parkNanos(20_000_000);

    assertThat(run("prune", "2", "k0", "--client-id", "root").out()).isEqualTo("{\"pruned\":3}\n");
    assertThat(run("get", "k0").out()).isEqualTo("1");
    assertThat(run("prune", "2").err())
        .isEqualTo("mayfly: missing or invalid client ID for admin function\n");
    assertThat(run("readonly", "on", "--client-id", "root").out())
        .isEqualTo("{\"success\":true}\n");
    assertThat(run("set", "k0", "2").code()).isEqualTo(1);
    assertThat(run("readonly", "maybe").code()).isEqualTo(2);
    assertThat(run("readonly", "off").err()).isEqualTo("mayfly: not authorized\n");
    assertThat(run("register").out()).isEqualTo("{\"success\":true}\n");
    assertThat(run("register").out()).isEqualTo("{\"success\":true}\n");

    assertThat(run("server-shutdown", "--client-id", "root").out()).isEqualTo("{}\n");
    server.awaitStop();
  }
}
