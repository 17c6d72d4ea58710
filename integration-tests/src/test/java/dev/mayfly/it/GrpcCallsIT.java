package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls of {@code keyquarry} by a client that was generated from the contract elsewhere. */
@Timeout(180)
class GrpcCallsIT {
  @TempDir Path folder;

  @Test
  void calls_eachWithEachOfItsRefusals_answerAsTheContractSays() throws Exception {
    try (ServerFixture server =
        ServerFixture.start(
            folder,
            "--privileged-client-id=root",
            "--min-lock-duration=200ms",
            "--max-lock-duration=1m",
            "--min-lifespan=200ms",
            "--max-key-length=64",
            "--max-value-size=1000")) {
      NodeProcess.test("calls.mjs", server.grpc(), Map.of());

      // The last call was the operator's shutdown.
      assertThat(server.process().exitCode()).isZero();
    }
  }

  @Test
  void server_atItsLimits_refuses() throws Exception {
    try (ServerFixture server =
        ServerFixture.start(
            folder,
            "--max-keys=3",
            "--revision-limit=0",
            "--require-registration=true",
            "--events-max-watchers=1")) {
      NodeProcess.test("limits.mjs", server.grpc(), Map.of());
    }
  }

  @Test
  void prune_scheduled_leavesNineTenths() throws Exception {
    try (ServerFixture server =
        ServerFixture.start(folder, "--prune-at=20", "--prune-interval=100ms")) {
      NodeProcess.test("pruning.mjs", server.grpc(), Map.of("ROUND", "scheduled"));
    }
  }

  @Test
  void prune_eager_sparesTheNewestTheLockedAndTheUsed() throws Exception {
    try (ServerFixture server =
        ServerFixture.start(folder, "--prune-eager-at=10", "--prune-eager-to=6")) {
      NodeProcess.test("pruning.mjs", server.grpc(), Map.of("ROUND", "eager"));
    }
  }

  @Test
  void prune_eagerAtTheLimit_makesRoom() throws Exception {
    try (ServerFixture server =
        ServerFixture.start(folder, "--max-keys=10", "--prune-eager-at=10", "--prune-eager-to=6")) {
      NodeProcess.test("pruning.mjs", server.grpc(), Map.of("ROUND", "full"));
    }
  }
}
