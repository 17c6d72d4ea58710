package dev.mayfly.engine.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The resident memory of this process, as Linux tells it; elsewhere the test says it cannot run. */
final class ResidentMemory {
  private static final Path STATM = Path.of("/proc/self/statm");

  private ResidentMemory() {}

  static long bytes() {
    Assumptions.assumeTrue(Files.exists(STATM), "resident memory is measured on Linux only");
    try {
      return Long.parseLong(Files.readString(STATM).split(" ", -1)[1]) * 4096;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
