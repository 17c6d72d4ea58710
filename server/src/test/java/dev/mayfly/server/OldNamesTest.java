package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldNamesTest {
  @TempDir Path folder;

  @Test
  void warnings_oldVariables_nameTheNewOnesAndShowNoValue() {
    Map<String, String> environment =
        Map.of(
            "KEYQUARRY_LISTEN_ADDRESS", "v4lue",
            "KEYQUARRY_TRACE", "v4lue",
            "DRACULA_SECRET", "v4lue",
            "MESH_NETWORK_URL", "v4lue",
            "UPLINK_NODE", "v4lue");

    assertThat(OldNames.warnings(TestSurroundings.of(environment, folder)))
        .hasSize(5)
        .anyMatch(w -> w.startsWith("KEYQUARRY_LISTEN_ADDRESS is not read: MAYFLY_GRPC_ADDRESS"))
        .anyMatch(w -> w.startsWith("KEYQUARRY_TRACE is not read, and nothing replaces it"))
        .anyMatch(w -> w.contains("MAYFLY_COUNTER_SECRET"))
        .noneMatch(w -> w.contains("v4lue"));
  }

  @Test
  void warnings_oldFiles_areNamed() throws IOException {
    Path working = Files.createDirectories(folder.resolve("w"));
    Path user = Files.createDirectories(folder.resolve("c/mayfly"));
    Files.createDirectories(folder.resolve("c/keyquarry"));
    Files.writeString(working.resolve("keyquarry.yaml"), "");
    Files.writeString(folder.resolve("c/keyquarry/keyquarry.yaml"), "");

    assertThat(OldNames.warnings(TestSurroundings.of(Map.of(), working, user)))
        .hasSize(2)
        .allMatch(w -> w.contains("keyquarry.yaml is not read: mayfly.yaml replaces it"));
  }

  @Test
  void warnings_everyReplacement_isAnOption() {
    assertThat(OldNames.replacements())
        .allSatisfy(name -> assertThat(OptionNames.ofFile().find(name)).isPresent());
  }
}
