package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.it.MayflyProcess.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What watches over a server has no more than the program and its exit code. */
class HealthIT {
  @TempDir Path folder;

  private Outcome health(Map<String, String> environment, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("health", "--timeout=60s"));
    all.addAll(List.of(words));
    try (MayflyProcess health =
        MayflyProcess.start(folder, environment, all.toArray(String[]::new))) {
      return health.finish();
    }
  }

  @Test
  void server_thatIsReady_isHealthy() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder)) {
      String monitor = ":" + server.monitor().getPort();

      assertThat(health(Map.of(), "--address=" + monitor)).isEqualTo(new Outcome(0, "ready\n", ""));
      assertThat(health(Map.of("MAYFLY_MONITOR_ADDRESS", monitor), "--live"))
          .isEqualTo(new Outcome(0, "ok\n", ""));
      assertThat(health(Map.of(), "--address=" + server.address()).code()).isEqualTo(1);
    }
  }

  @Test
  void server_thatIsNotThere_isNot() throws Exception {
    Outcome outcome = health(Map.of(), "--address=127.0.0.1:1");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("mayfly: cannot connect to 127.0.0.1:1");
  }
}
