package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyRefusedException;
import dev.mayfly.client.SetOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a strict server has answered is lost when it is killed. */
class StrictIT {
  private static final int ROUNDS = Integer.getInteger("mayfly.kill-rounds", 10);

  @TempDir Path folder;

  private ServerFixture start() throws Exception {
    return ServerFixture.start(
        folder,
        "--data",
        folder.resolve("data").toString(),
        "--durability",
        "strict",
        "--snapshot-interval",
        "1s");
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void killed_whileClientsOfAllDoorsWrite_hasAllThatWasShown() throws Exception {
    KillRounds.run(ROUNDS, this::start);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void databaseAway_writesAreRefusedReadsGoOnAndItComesBack() throws Exception {
    try (ServerFixture server = start();
        MayflyClient client = server.client();
        RespWire reader = new RespWire(server.respPort())) {
      client.set("kept", "1".getBytes(UTF_8), SetOptions.NONE);
      alter("ALTER TABLE mayfly_changes RENAME TO mayfly_gone");

      // The first is taken, and told after some seconds that it is not safe.
      assertThat(statusOfSet(client)).isEqualTo(503);
      try (RespWire writer = new RespWire(server.respPort())) {
        assertThat(writer.ask(List.of("SET", "lost", "1")).text()).startsWith("-TRYAGAIN");
      }
      assertThat(reader.ask(List.of("GET", "kept")).text()).isEqualTo("$1");
      assertThat(reader.ask(List.of("GET", "never")).text()).isEqualTo("$-1");
      alter("ALTER TABLE mayfly_gone RENAME TO mayfly_changes");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> reader.ask(List.of("SET", "kept", "2")).text().equals("+OK"));
    }

    try (ServerFixture server = start();
        RespWire reader = new RespWire(server.respPort())) {
      assertThat(reader.ask(List.of("GET", "kept")).text()).isEqualTo("$2");
    }
  }

  private static int statusOfSet(MayflyClient client) {
    try {
      client.set("unsafe", "1".getBytes(UTF_8), SetOptions.NONE);
      return 200;
    } catch (MayflyRefusedException e) {
      return e.status();
    }
  }

  private void alter(String sql) throws SQLException {
    String url = "jdbc:sqlite:%s?busy_timeout=60000".formatted(folder.resolve("data/mayfly.db"));
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
