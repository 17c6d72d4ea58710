package dev.mayfly.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a {@link Trial} in a JVM of its own and reads its figures. Stateless. */
final class Fork {
  private static final String PREFIX = "mayfly.bench.";

  private Fork() {}

  /**
   * Runs a trial to its end.
   *
   * @param options of the JVM, beside those that the server uses too
   * @param properties system properties, to which those of this JVM for benchmarks are added
   * @throws IllegalStateException if it fails
   */
  static Map<String, Double> run(
      List<String> options, Map<String, String> properties, List<String> args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders"));
    command.addAll(options);
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    System.getProperties()
        .forEach(
            (name, value) -> {
              if (name.toString().startsWith(PREFIX) && !properties.containsKey(name.toString())) {
                command.add("-D" + name + "=" + value);
              }
            });
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Trial.class.getName()));
    command.addAll(args);
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    Map<String, Double> figures = new LinkedHashMap<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("figure ")) {
          String[] words = line.split(" ", -1);
          figures.put(words[1], Double.valueOf(words[2]));
        }
      }
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException("trial " + args + " ended with status " + status);
    }
    return figures;
  }
}
