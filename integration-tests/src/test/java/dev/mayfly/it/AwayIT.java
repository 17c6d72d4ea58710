package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyRefusedException;
import dev.mayfly.client.SetOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relaxed server goes on while its database is away, says so, and holds no more than it may. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AwayIT {
  /** More than the server keeps for the database: an eighth of its heap of 512 MiB. */
  private static final int WRITES_MAX = 120;

  private static final int VALUE_BYTES = 900_000;

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private ServerFixture start() throws Exception {
    return ServerFixture.start(
        folder, "--data", data().toString(), "--snapshot-interval", "0", "--snapshot-log-max", "0");
  }

  @Test
  void relaxed_databaseAway_servesSaysSoAndKeepsABoundedBacklog() throws Exception {
    int written = 0;
    try (ServerFixture server = start();
        MayflyClient client = server.client()) {
      client.set("before", "1".getBytes(UTF_8), SetOptions.NONE);
      JournalPlaces.run(data(), "ALTER TABLE mayfly_changes RENAME TO mayfly_gone");
      client.set("away", "1".getBytes(UTF_8), SetOptions.NONE);
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isAway(server));

      assertThat(JournalPlaces.monitor(server, "/livez")).startsWith("200 ok");
      assertThat(JournalPlaces.monitor(server, "/readyz"))
          .startsWith("200 ready, but the journal is away");
      assertThat(client.get("before")).isPresent();
      int status = 0;
      while (status == 0 && written < WRITES_MAX) {
        status = statusOfSet(client, "big" + written);
        written += status == 0 ? 1 : 0;
      }
      assertThat(written).isBetween(30, WRITES_MAX - 1);
      assertThat(status).isIn(429, 503);
      assertThat(client.get("big0")).isPresent();

      JournalPlaces.run(data(), "ALTER TABLE mayfly_gone RENAME TO mayfly_changes");
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !isAway(server));
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> statusOfSet(client, "afterwards") == 0);
      assertThat(JournalPlaces.monitor(server, "/readyz")).startsWith("200 ready\n");
      server.process().signal("TERM");
      assertThat(server.process().exitCode()).isZero();
      assertThat(server.process().err())
          .contains("database does not take changes")
          .contains("database is back");
    }

    try (ServerFixture server = start();
        MayflyClient client = server.client()) {
      assertThat(client.get("away")).isPresent();
      assertThat(client.get("big" + (written - 1))).isPresent();
      assertThat(client.get("afterwards")).isPresent();
    }
  }

  /** 0 when it is set. */
  private static int statusOfSet(MayflyClient client, String key) {
    try {
      client.set(key, new byte[VALUE_BYTES], SetOptions.NONE);
      return 0;
    } catch (MayflyRefusedException e) {
      return e.status();
    }
  }

  private static boolean isAway(ServerFixture server) throws Exception {
    return JournalPlaces.monitor(server, "/metrics").contains("\nmayfly_journal_away 1");
  }
}
