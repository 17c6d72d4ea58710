package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.ReservedEntries;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReservedTextsTest {
  private static String text(Map<String, String> options, String name) {
    ReservedEntries entries = ReservedTexts.entries(MayflyConfig.of(options), 1_000);
    byte[] key = ("keyquarry/" + name).getBytes(StandardCharsets.UTF_8);
    return new String(Objects.requireNonNull(entries.read(key)).value(), StandardCharsets.UTF_8);
  }

  @Test
  void snapshots_inMemoryOnly_areNotEnabled() {
    assertThat(text(Map.of(), "snapshot/Enabled")).isEqualTo("false");
    assertThat(text(Map.of("snapshot.interval", "5m"), "snapshot/Interval")).isEqualTo("0");
  }

  @Test
  void snapshots_ofAServerThatIsKept_areToldWithTheirInterval() {
    Map<String, String> options = Map.of("data", "/somewhere", "snapshot.interval", "2s");

    assertThat(text(options, "snapshot/Enabled")).isEqualTo("true");
    assertThat(text(options, "snapshot/Interval")).isEqualTo("2000000000");
  }

  @Test
  void started_isToldAsExistingClientsReadIt() {
    assertThat(text(Map.of(), "Started")).isEqualTo("1970-01-01 00:00:01 +0000 UTC");
  }
}
