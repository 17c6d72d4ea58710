package dev.mayfly.engine.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What Linux holds in memory of a region; elsewhere the test says that it cannot run. */
final class ResidentMemory {
  private static final Path MAPS = Path.of("/proc/self/smaps");

  private ResidentMemory() {}

  /** Counts every mapping that touches the region. */
  static long bytes(Region region) {
    Assumptions.assumeTrue(Files.exists(MAPS), "resident memory is measured on Linux only");
    long kibibytes = 0;
    boolean inside = false;
    try {
      for (String line : Files.readAllLines(MAPS)) {
        if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
          String[] range = line.split("[- ]", 3);
          long from = Long.parseUnsignedLong(range[0], 16);
          long to = Long.parseUnsignedLong(range[1], 16);
          inside = from < region.address() + region.size() && to > region.address();
        } else if (inside && line.startsWith("Rss:")) {
          kibibytes += Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return kibibytes << 10;
  }
}
