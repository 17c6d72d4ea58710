package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.client.JsonObject;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.SetOptions;
import dev.mayfly.remote.RemoteConfig;
import dev.mayfly.remote.RemoteLease;
import dev.mayfly.remote.RemoteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server that keeps its store on disk has when it comes back. */
class JournalIT {
  private static final int ROUNDS = Math.max(3, Integer.getInteger("mayfly.kill-rounds", 0));

  @TempDir Path folder;

  private ServerFixture start(String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of("--data", folder.resolve("data").toString()));
    options.addAll(List.of(more));
    return ServerFixture.start(folder, options.toArray(String[]::new));
  }

  @Test
  @Timeout(120)
  void terminated_everythingIsThereAgain() throws Exception {
    try (ServerFixture server = start("--durability", "snapshot")) {
      try (MayflyClient client = server.client()) {
        client.set("a", "1".getBytes(UTF_8), SetOptions.NONE);
      }
      server.process().signal("TERM");
      assertThat(server.process().exitCode()).isZero();
    }

    try (ServerFixture server = start("--durability", "snapshot");
        MayflyClient client = server.client()) {
      assertThat(read(client, "a")).isEqualTo("1");
    }
  }

  @Test
  @Timeout(120)
  void terminated_useHistoryLocksAndClients_areThereAgain() throws Exception {
    try (ServerFixture server = start();
        MayflyClient client = server.client()) {
      for (int i = 0; i < 3; i++) {
        client.set("k", Integer.toString(i).getBytes(UTF_8), SetOptions.NONE);
      }
      client.get("k");
      client.lock("k", Duration.ofMinutes(10), false);
      assertThat(client.register()).isTrue();
      client.makeSnapshot();
      assertThat(client.stats().number("snapshots_created", 0)).isEqualTo(1);
      server.process().signal("TERM");
      assertThat(server.process().exitCode()).isZero();
    }

    try (ServerFixture server = start();
        MayflyClient client = server.client()) {
      JsonObject use = client.keyMetrics("k").orElseThrow();
      assertThat(use.number("set_count", 0)).isEqualTo(3);
      assertThat(use.number("access_count", 0)).isPositive();
      assertThat(use.number("lock_count", 0)).isEqualTo(1);
      assertThat(client.read("k", 1)).isPresent();
      assertThat(client.register()).isFalse();
      assertThat(client.stats().number("client_ids", 0)).isEqualTo(1);
      assertThat(client.stats().number("current_locks", 0)).isEqualTo(1);
      assertThat(server.command("delete", "--client-id", "other", "k").finish().code())
          .isEqualTo(1);
    }
  }

  @Test
  @Timeout(120)
  void sameFolder_secondServer_isRefused() throws Exception {
    try (ServerFixture server = start();
        MayflyProcess second =
            server.command(
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--http",
                "off",
                "--grpc",
                "off",
                "--resp",
                "off",
                "--counter",
                "off",
                "--monitor",
                "off")) {
      MayflyProcess.Outcome outcome = second.finish();

      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err()).contains("another mayfly uses the journal");
    }
  }

  @Test
  @Timeout(120)
  void snapshotCommands_listMakeChooseAndDelete() throws Exception {
    try (ServerFixture server = start("--privileged-client-id", "root");
        MayflyClient client = server.client()) {
      client.set("a", "1".getBytes(UTF_8), SetOptions.NONE);
      String made = command(server, "now");
      client.set("a", "2".getBytes(UTF_8), SetOptions.NONE);
      command(server, "now");

      assertThat(made).contains("\"id\":1,").contains("\"entries\":1");
      assertThat(command(server, "list")).contains("\"id\":2,").contains("\"id\":1,");
      command(server, "restore", "1");
      assertThat(server.command("snapshot", "delete", "1").finish().code()).isNotZero();
      server.process().signal("TERM");
      assertThat(server.process().exitCode()).isZero();
    }

    try (ServerFixture server = start("--privileged-client-id", "root");
        MayflyClient client = server.client()) {
      assertThat(read(client, "a")).isEqualTo("1");
      command(server, "delete", "1");
      assertThat(command(server, "list")).doesNotContain("\"id\":1,");
    }
  }

  private static String command(ServerFixture server, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("snapshot", "--client-id", "root"));
    all.addAll(List.of(words));
    MayflyProcess.Outcome outcome = server.command(all.toArray(String[]::new)).finish();
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome.out();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void killed_relaxed_hasAllThatTheJournalHad() throws Exception {
    RelaxedRounds.run(
        ROUNDS, round -> start("--snapshot-interval", round % 2 == 0 ? "5m" : "200ms"));
  }

  private static String read(MayflyClient client, String key) {
    return client.get(key).map(value -> new String(value.bytes(), UTF_8)).orElse("-");
  }

  @Test
  @Timeout(300)
  void killed_countersLimitsLeasesAndClients_goOn() throws Exception {
    Path data = folder.resolve("data");
    List<String> take = List.of("MF.TAKE", "api", "ann", "2", "WINDOW", "3", "3600000");
    long lease;
    try (ServerFixture server = start("--ttl", "1h");
        RespWire wire = new RespWire(server.respPort());
        MayflyClient client = server.client();
        RemoteStore remote = RemoteStore.connect(RemoteConfig.of(server.grpc(), "holder"))) {
      // Longer than the test takes, however slow the machine is.
      RemoteLease held = remote.lease(Duration.ofMinutes(30));
      lease = held.number();
      remote.set(
          SetRequest.newBuilder()
              .setKey(RemoteStore.bytes("leased"))
              .setValue(RemoteStore.bytes("1"))
              .setLifespan(held.lifespan())
              .build());
      assertThat(client.register()).isTrue();
      wire.ask(List.of("MF.HIT", "login", "ann", "5"));
      assertThat(wire.ask(take).elements().get(1).text()).isEqualTo(":1");
      awaitCounters(data, wire);
      server.process().close();
    }

    try (ServerFixture server = start("--ttl", "1h");
        RespWire wire = new RespWire(server.respPort());
        MayflyClient client = server.client()) {
      assertThat(wire.ask(List.of("MF.COUNT", "login", "ann")).text()).isEqualTo(":5");
      assertThat(wire.ask(take).elements().get(1).text()).isEqualTo(":0");
      assertThat(read(client, "leased")).isEqualTo("1");
      assertThat(client.register()).isFalse();
      String shown =
          server.command("journal", "show", "--counters", "--data", data.toString()).finish().out();
      assertThat(shown).contains("lease " + lease + " of ");
    }
  }

  /** Waits until a block was written that was begun after this was called. */
  private static void awaitCounters(Path data, RespWire wire) throws Exception {
    String newest = "SELECT MAX(number) FROM mayfly_counter_changes";
    long before = JournalPlaces.number(data, newest);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              wire.ask(List.of("MF.HIT", "login", "marker"));
              return JournalPlaces.number(data, newest) >= before + 2;
            });
    // Once more, in case leases alone filled those.
    long later = JournalPlaces.number(data, newest);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              wire.ask(List.of("MF.HIT", "login", "marker"));
              return JournalPlaces.number(data, newest) >= later + 2;
            });
  }
}
