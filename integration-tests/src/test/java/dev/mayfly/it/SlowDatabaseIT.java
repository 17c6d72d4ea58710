package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.api.keyquarry.InspectRequest;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyRefusedException;
import dev.mayfly.client.SetOptions;
import dev.mayfly.remote.RemoteConfig;
import dev.mayfly.remote.RemoteException;
import dev.mayfly.remote.RemoteStore;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers whose database does not end a commit. A strict one lets whoever writes by a door wait,
 * and whoever reads by any what is not written yet; a relaxed one slows clients down before it
 * refuses.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SlowDatabaseIT {
  private static final String OLD = "{\"n\":1}";
  private static final String NEW = "{\"n\":2}";
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private static final TimeSource TIME = new SystemTime();
  private static final int VALUE_BYTES = 900_000;
  private static final int CLIENTS = 8;

  /** More than a server with a heap of 512 MiB lets wait for its database. */
  private static final int WRITES_MAX = 200;

  private static EmbeddedPostgres postgres;
  @TempDir static Path database;
  @TempDir Path folder;

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.builder().setOverrideWorkingDirectory(database.toFile()).start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  /** The doors, each with a call that changes a key and one that reads it. */
  enum ToolDoor {
    RESP {
      @Override
      void write(ServerFixture server, String key) throws IOException {
        try (RespWire wire = new RespWire(server.respPort())) {
          assertThat(wire.ask(List.of("SET", key, NEW)).text()).isEqualTo("+OK");
        }
      }

      @Override
      String read(ServerFixture server, String key) throws IOException {
        try (RespWire wire = new RespWire(server.respPort())) {
          return wire.ask(List.of("GET", key)).text();
        }
      }
    },
    HTTP_V1 {
      @Override
      void write(ServerFixture server, String key) {
        try (MayflyClient client = server.client()) {
          client.set(key, NEW.getBytes(UTF_8), SetOptions.NONE);
        }
      }

      @Override
      String read(ServerFixture server, String key) {
        try (MayflyClient client = server.client()) {
          return client.get(key).map(value -> new String(value.bytes(), UTF_8)).orElse("");
        }
      }
    },
    GET_STORE {
      @Override
      void write(ServerFixture server, String key) throws IOException {
        String path = "/set?k=" + key + "&v=%7B%22n%22%3A2%7D";
        assertThat(RawHttp.ask(server.http(), "GET", path)).contains("success");
      }

      @Override
      String read(ServerFixture server, String key) throws IOException {
        return RawHttp.ask(server.http(), "GET", "/get?k=" + key).replace("\\", "");
      }
    },
    JSON_CACHE {
      @Override
      void write(ServerFixture server, String key) throws IOException {
        String body = "{\"key\":\"" + key + "\",\"data\":" + NEW + "}";
        assertThat(
                RawHttp.ask(server.http(), "POST", "/api", "Content-Type: application/json", body))
            .contains(NEW);
      }

      @Override
      String read(ServerFixture server, String key) throws IOException {
        return RawHttp.ask(server.http(), "GET", "/api?key=" + key);
      }
    },
    GRPC_V1 {
      @Override
      void write(ServerFixture server, String key) {
        try (RemoteStore remote = RemoteStore.connect(RemoteConfig.of(server.grpc(), "a"))) {
          remote.set(RemoteStore.bytes(key), RemoteStore.bytes(NEW));
        }
      }

      @Override
      String read(ServerFixture server, String key) {
        try (RemoteStore remote = RemoteStore.connect(RemoteConfig.of(server.grpc(), "a"))) {
          return remote.get(RemoteStore.bytes(key)).toString().replace("\\", "");
        }
      }
    },
    /** Removes, so that all others find that the key is not there. */
    GRPC_KEYQUARRY {
      @Override
      void write(ServerFixture server, String key) {
        try (RemoteStore remote = RemoteStore.connect(RemoteConfig.of(server.grpc(), "a"))) {
          assertThat(remote.pop(key).getValue().toStringUtf8()).isEqualTo(OLD);
        }
      }

      @Override
      String read(ServerFixture server, String key) {
        try (RemoteStore remote = RemoteStore.connect(RemoteConfig.of(server.grpc(), "a"))) {
          InspectRequest request =
              InspectRequest.newBuilder().setKey(key).setIncludeValue(true).build();
          return remote.inspect(request).getValue().toStringUtf8();
        } catch (RemoteException e) {
          assertThat(e).hasMessageContaining("not found");
          return "";
        }
      }
    };

    abstract void write(ServerFixture server, String key) throws IOException;

    abstract String read(ServerFixture server, String key) throws IOException;

    boolean removes() {
      return this == GRPC_KEYQUARRY;
    }
  }

  private ServerFixture start(String name, String durability) throws IOException {
    return ServerFixture.start(
        folder,
        "--database",
        "postgres://postgres:secret@127.0.0.1:%d/postgres".formatted(postgres.getPort()),
        "--name",
        name,
        "--durability",
        durability,
        "--snapshot-interval",
        "0");
  }

  /** Lets no commit of changes end until it is closed. */
  private static Connection holdCommits() throws SQLException {
    Connection connection = postgres.getPostgresDatabase().getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE mayfly_changes IN EXCLUSIVE MODE");
    }
    return connection;
  }

  private static CompletableFuture<String> reading(
      ToolDoor door, ServerFixture server, String key) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return door.read(server, key);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        THREADS);
  }

  private static CompletableFuture<Void> writing(ToolDoor door, ServerFixture server, String key) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            door.write(server, key);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        THREADS);
  }

  private static boolean isCommitting(ServerFixture server) throws Exception {
    return !JournalPlaces.monitor(server, "/metrics").contains("\nmayfly_journal_lag_millis 0.0");
  }

  @ParameterizedTest
  @EnumSource(ToolDoor.class)
  void strict_commitDoesNotEnd_theWriterAndAllWhoReadItWait(ToolDoor writer) throws Exception {
    String key = "held";
    try (ServerFixture server = start(writer.name(), "strict")) {
      for (String each : List.of(key, "calm")) {
        try (MayflyClient client = server.client()) {
          client.set(each, OLD.getBytes(UTF_8), SetOptions.NONE);
        }
      }
      List<CompletableFuture<?>> held = new ArrayList<>();
      List<CompletableFuture<String>> seen = new ArrayList<>();
      try (Connection hold = holdCommits()) {
        held.add(writing(writer, server, key));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isCommitting(server));
        for (ToolDoor reader : ToolDoor.values()) {
          CompletableFuture<String> reading = reading(reader, server, key);
          held.add(reading);
          seen.add(reading);
        }
        for (ToolDoor reader : ToolDoor.values()) {
          assertThat(reading(reader, server, "calm").get(60, TimeUnit.SECONDS))
              .as("another key by %s", reader)
              .contains(OLD);
        }
        CountDownLatch answered = new CountDownLatch(1);
        for (CompletableFuture<?> each : held) {
          var _ = each.whenComplete((answer, failure) -> answered.countDown());
        }
        assertThat(answered.await(300, TimeUnit.MILLISECONDS)).as("answers: %s", held).isFalse();
        hold.rollback();
      }

      for (CompletableFuture<?> each : held) {
        each.get(60, TimeUnit.SECONDS);
      }
      for (CompletableFuture<String> each : seen) {
        if (writer.removes()) {
          assertThat(each.join()).doesNotContain(OLD).doesNotContain(NEW);
        } else {
          assertThat(each.join()).contains(NEW);
        }
      }
    }
  }

  /** Writes a value that is as large as one may be; answers the status, 0 for done. */
  private static int fill(ServerFixture server, int number) {
    try (MayflyClient client = server.client()) {
      client.set("big" + number, new byte[VALUE_BYTES], SetOptions.NONE);
      return 0;
    } catch (MayflyRefusedException e) {
      return e.status();
    }
  }

  @Test
  void relaxed_commitDoesNotEnd_clientsAreSlowedDownThenRefusedAndNothingIsLost() throws Exception {
    List<Integer> written = new ArrayList<>();
    try (ServerFixture server = start("relaxed", "relaxed")) {
      fill(server, 0);
      written.add(0);
      int refusal = 0;
      long slowest = 0;
      try (Connection hold = holdCommits()) {
        for (int first = 1; refusal == 0 && first < WRITES_MAX; first += CLIENTS) {
          long start = TIME.nanos();
          List<CompletableFuture<Integer>> round = new ArrayList<>();
          for (int i = 0; i < CLIENTS; i++) {
            int number = first + i;
            round.add(CompletableFuture.supplyAsync(() -> fill(server, number), THREADS));
          }
          for (int i = 0; i < CLIENTS; i++) {
            int status = round.get(i).get(60, TimeUnit.SECONDS);
            if (status == 0) {
              written.add(first + i);
            } else {
              refusal = status;
            }
          }
          slowest = Math.max(slowest, TIME.nanos() - start);
        }
        assertThat(ToolDoor.RESP.read(server, "big0")).startsWith("$");
        hold.rollback();
      }
      // Overloaded; or unavailable, where it took too long to fill what may wait.
      assertThat(refusal).isIn(429, 503);
      assertThat(slowest).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500));
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> JournalPlaces.isIdle(server));
      assertThat(fill(server, WRITES_MAX)).isZero();
      server.process().signal("TERM");
      assertThat(server.process().exitCode()).isZero();
    }

    try (ServerFixture server = start("relaxed", "relaxed");
        MayflyClient client = server.client()) {
      for (int number : written) {
        assertThat(client.exists("big" + number)).as("big%d", number).isTrue();
      }
    }
  }
}
