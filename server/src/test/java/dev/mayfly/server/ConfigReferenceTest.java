package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  private static final Path FILE = Path.of("../docs/reference/configuration.md");

  @Test
  void committedReference_followsFromTheSchema() throws IOException {
    if (Boolean.getBoolean("reference.write")) {
      Files.createDirectories(FILE.toAbsolutePath().normalize().getParent());
      Files.writeString(FILE, ConfigReference.render());
    }

    assertThat(FILE)
        .as("run this test with -Dreference.write=true")
        .content()
        .isEqualTo(ConfigReference.render());
  }
}
