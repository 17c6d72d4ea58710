package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches by clients that were generated from the contracts elsewhere. */
@Timeout(240)
class GrpcWatchesIT {
  private static final int WRITES = 1500;
  private static final int KILLS = 4;
  private static final long SEED = Long.getLong("seed", 4);

  @TempDir Path folder;

  @Test
  void watches_ofTheOldKind_tellEverythingInOrder() throws Exception {
    try (ServerFixture server =
        ServerFixture.start(
            folder,
            "--privileged-client-id=root",
            "--min-lock-duration=200ms",
            "--min-lifespan=200ms")) {
      NodeProcess.test("watches.mjs", server.grpc(), Map.of());

      // The last call was the operator's shutdown.
      assertThat(server.process().exitCode()).isZero();
    }
  }

  @Test
  void watchers_thatStopReading_learnWhatTheyMissed() throws Exception {
    try (ServerFixture server =
        ServerFixture.start(folder, "--events-max-bytes=1MiB", "--events-backlog=64KiB")) {
      NodeProcess.test("slow.mjs", server.grpc(), Map.of());
    }
  }

  @Test
  void watch_whoseClientIsKilledAgainAndAgain_missesNothingAndTellsNothingTwice() throws Exception {
    Random random = new Random(SEED);
    List<String> written = new ArrayList<>();
    try (ServerFixture server = ServerFixture.start(folder);
        ResumingWatcher watcher = new ResumingWatcher(server.grpc());
        NodeProcess writer =
            NodeProcess.start(
                "writing.mjs", server.grpc(), Map.of("WRITES", Integer.toString(WRITES)))) {
      for (int kill = 0; kill < KILLS; kill++) {
        for (int i = 0; i < WRITES / (KILLS + 1); i++) {
          written.add(writer.line());
        }
        watcher.readUntil(written.get(written.size() - 1 - random.nextInt(100)));
        watcher.kill();
        awaitNoWatch(server);
        watcher.restart();
      }
      while (written.size() < WRITES) {
        written.add(writer.line());
      }
      watcher.readUntil(written.getLast());

      assertThat(watcher.told()).as("seed %d", SEED).isEqualTo(written);
    }
  }

  /** What is left of a client that is gone goes too. */
  private static void awaitNoWatch(ServerFixture server) {
    try (MayflyClient client = server.client()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> client.stats().number("event_subscribers", -1) == 0);
    }
  }
}
