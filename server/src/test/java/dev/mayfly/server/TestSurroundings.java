package dev.mayfly.server;

import dev.mayfly.store.ByteSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Surroundings of a made-up process. */
final class TestSurroundings {
  private TestSurroundings() {}

  static Surroundings of(Map<String, String> environment, Path... folders) {
    Path working = folders.length == 0 ? Path.of("/nowhere") : folders[0];
    return new Surroundings(
        environment, working, List.of(folders), "ada", "engine", new ByteSize(1L << 30));
  }
}
