package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReportTest {
  @TempDir Path folder;

  @Test
  void render_anyConfig_showsEveryOptionWithItsSource() {
    String report = ConfigReport.render(load(Map.of("MAYFLY_HTTP", ":81")));

    assertThat(report.lines()).hasSameSizeAs(Options.all());
    assertThat(report)
        .containsPattern("(?m)^http.address: ':81' +# environment MAYFLY_HTTP$")
        .containsPattern("(?m)^stop-timeout: 30s +# default$");
  }

  @Test
  void render_secret_isMasked() {
    String report = ConfigReport.render(load(Map.of("MAYFLY_PRIVILEGED_CLIENT_ID", "hunter2")));

    assertThat(report).doesNotContain("hunter2").contains("privileged-client-id: '********'");
  }

  @Test
  void render_usedAsAFile_givesTheSameConfig() throws IOException {
    LoadedConfig loaded =
        load(
            Map.of(
                "MAYFLY_NAME", "it's: ${X} #1", "MAYFLY_HTTP", "[::1]:81", "MAYFLY_METRICS", "no"));
    Files.writeString(folder.resolve("mayfly.yaml"), ConfigReport.render(loaded));

    LoadedConfig again = new ConfigLoader(TestSurroundings.of(Map.of(), folder)).load(Map.of());

    assertThat(again.config()).isEqualTo(loaded.config());
  }

  private static LoadedConfig load(Map<String, String> environment) {
    return new ConfigLoader(TestSurroundings.of(environment)).load(Map.of());
  }
}
