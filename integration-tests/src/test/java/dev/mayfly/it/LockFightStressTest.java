package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two clients fight for a lock, and whoever has it works on another key under its fencing token.
 * {@code -Dsoak=} minutes makes it a minute instead of a few seconds.
 */
class LockFightStressTest {
  private static final int SECONDS = Long.getLong("soak") == null ? 4 : 60;

  /** As in the script: neither may wait for ever while the other goes on. */
  private static final int TURNS_MIN = 10;

  @TempDir Path folder;

  /** A time for which a client had the lock, in nanoseconds. */
  private record Turn(String client, long token, long got, long gone) {}

  @Test
  void lock_twoClientsFight_neverBothHaveItAndTokensRise() throws Exception {
    List<Turn> turns = new ArrayList<>();
    try (ServerFixture server = ServerFixture.start(folder);
        NodeProcess alice = fighter(server, "alice");
        NodeProcess bob = fighter(server, "bob")) {
      read("alice", alice, turns);
      read("bob", bob, turns);
    }

    turns.sort(Comparator.comparingLong(Turn::got));
    for (int i = 1; i < turns.size(); i++) {
      assertThat(turns.get(i).got()).isGreaterThanOrEqualTo(turns.get(i - 1).gone());
      assertThat(turns.get(i).token()).isGreaterThan(turns.get(i - 1).token());
    }
    for (String client : List.of("alice", "bob")) {
      assertThat(turns)
          .filteredOn(turn -> turn.client().equals(client))
          .hasSizeGreaterThanOrEqualTo(TURNS_MIN);
    }
  }

  private static NodeProcess fighter(ServerFixture server, String name) throws Exception {
    return NodeProcess.start(
        "fight.mjs", server.grpc(), Map.of("NAME", name, "SECONDS", Integer.toString(SECONDS)));
  }

  private static void read(String client, NodeProcess fighter, List<Turn> turns) throws Exception {
    String report = fighter.finish();
    for (String line : report.lines().toList()) {
      String[] words = line.split(" ");
      assertThat(words).as(report).hasSize(3);
      turns.add(
          new Turn(
              client,
              Long.parseLong(words[0]),
              Long.parseLong(words[1]),
              Long.parseLong(words[2])));
    }
  }
}
