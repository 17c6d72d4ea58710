package dev.mayfly.server;

import dev.mayfly.store.ByteSize;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the configuration sees of the process it is read in.
 *
 * <p>Immutable; a test gives its own.
 *
 * @param environment the environment variables
 * @param workingFolder where relative paths begin
 * @param configFolders where mayfly.yaml is looked for, in this order
 * @param user the name of the user
 * @param host the name of this machine
 * @param memory how much memory this process may use
 */
public record Surroundings(
    Map<String, String> environment,
    Path workingFolder,
    List<Path> configFolders,
    String user,
    String host,
    ByteSize memory) {

  public Surroundings {
    environment = Map.copyOf(environment);
    configFolders = List.copyOf(configFolders);
  }

  /** Those of this process. Reads a few small files of the system. */
  public static Surroundings ofProcess() {
    Map<String, String> environment = System.getenv();
    return new Surroundings(
        environment,
        Path.of("").toAbsolutePath(),
        configFolders(Path.of("").toAbsolutePath(), environment),
        System.getProperty("user.name", "unknown"),
        hostName(),
        ProcessMemory.ofProcess());
  }

  /** The same, but with no environment and no folder that could have a file. */
  Surroundings withoutSources() {
    return new Surroundings(Map.of(), workingFolder, List.of(), user, host, memory);
  }

  private static List<Path> configFolders(Path workingFolder, Map<String, String> environment) {
    List<Path> folders = new ArrayList<>(List.of(workingFolder));
    String home = environment.getOrDefault("HOME", System.getProperty("user.home", ""));
    String configHome = environment.getOrDefault("XDG_CONFIG_HOME", "");
    if (Path.of(configHome).isAbsolute()) {
      folders.add(Path.of(configHome, "mayfly"));
    } else if (!home.isEmpty()) {
      folders.add(Path.of(home, ".config", "mayfly"));
    }
    if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac")
        && !home.isEmpty()) {
      folders.add(Path.of(home, "Library", "Application Support", "mayfly"));
    }
    return folders;
  }

  /** What this machine is called. Asks the name service last, since that may take seconds. */
  static String hostName() {
    try {
      Path kernel = Path.of("/proc/sys/kernel/hostname");
      String named =
          Files.isReadable(kernel)
              ? Files.readString(kernel).strip()
              : System.getenv().getOrDefault("HOSTNAME", "");
      return named.isEmpty() ? InetAddress.getLocalHost().getHostName() : named;
    } catch (IOException e) {
      return "localhost";
    }
  }
}
