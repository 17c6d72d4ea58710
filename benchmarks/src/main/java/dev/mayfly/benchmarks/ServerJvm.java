package dev.mayfly.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the server's virtual machine runs, for peers that are to run the same way. Stateless. */
final class ServerJvm {
  /** From the root of the project, where measurements run. */
  private static final Path FILE = Path.of("cli/launch/jvm.options");

  private static final Pattern OPTION = Pattern.compile("(?:all|serve)\\s+(\\S+)");

  private ServerJvm() {}

  /** Its options, in the order of the launcher's file. */
  static List<String> options() throws IOException {
    return Files.readAllLines(FILE).stream()
        .map(OPTION::matcher)
        .filter(Matcher::matches)
        .map(option -> option.group(1))
        .toList();
  }
}
