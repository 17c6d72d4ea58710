package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that keeps its store in PostgreSQL. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class PostgresIT {
  /** A fifth of the rounds on SQLite, and at least two. */
  private static final int ROUNDS = Math.max(2, Integer.getInteger("mayfly.kill-rounds", 10) / 5);

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

  private static String url() {
    return "postgres://postgres:hunter2@127.0.0.1:%d/postgres".formatted(postgres.getPort());
  }

  private List<String> options(String name, String durability) {
    return List.of(
        "--database",
        url(),
        "--name",
        name,
        "--durability",
        durability,
        "--snapshot-interval",
        "1s");
  }

  private ServerFixture start(String name, String durability) throws IOException {
    return ServerFixture.start(folder, options(name, durability).toArray(String[]::new));
  }

  @Test
  void killed_strict_hasAllThatWasShown() throws Exception {
    KillRounds.run(ROUNDS, () -> start("strict", "strict"));
  }

  @Test
  void killed_relaxed_hasAllThatTheJournalHad() throws Exception {
    RelaxedRounds.run(ROUNDS, round -> start("relaxed", "relaxed"));
  }

  @Test
  void terminated_twoNames_eachHasItsOwnAndNoPasswordIsShown() throws Exception {
    for (String name : List.of("one", "two")) {
      try (ServerFixture server = start(name, "relaxed");
          MayflyClient client = server.client()) {
        client.increment(name, 1);
        server.process().signal("TERM");
        assertThat(server.process().exitCode()).isZero();
        assertThat(server.process().err()).doesNotContain("hunter2");
      }
    }
    try (ServerFixture server = start("two", "relaxed");
        MayflyClient client = server.client()) {
      assertThat(client.exists("two")).isTrue();
      assertThat(client.exists("one")).isFalse();
      List<String> second = new ArrayList<>(List.of("serve"));
      second.addAll(options("two", "relaxed"));
      for (String door : List.of("http", "grpc", "resp", "counter", "monitor")) {
        second.addAll(List.of("--" + door, "off"));
      }
      try (MayflyProcess refused =
          MayflyProcess.start(folder, Map.of(), second.toArray(String[]::new))) {
        MayflyProcess.Outcome outcome = refused.finish();
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("another mayfly named 'two'").doesNotContain("hunter2");
      }
    }
  }
}
