package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A script of {@code src/test/node} in a process of its own: a client generated from the contracts
 * in another language than ours. Confined to one thread.
 */
final class NodeProcess implements AutoCloseable {
  private static final Path CONTRACTS =
      Path.of("..", "protocol", "api", "src", "main", "proto").toAbsolutePath().normalize();
  private static final Pattern PASSED = Pattern.compile("(?m)^# pass (\\d+)$");

  private final String script;
  private final Process process;
  private final BufferedReader output;

  private NodeProcess(String script, Process process) {
    this.script = script;
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts a script.
   *
   * @param address the grpc door, in the form that its client takes
   * @param environment what else the script reads from there
   */
  static NodeProcess start(String script, String address, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path modules = NodeClients.folder();
    List<String> command = new ArrayList<>(List.of("node", "--test-reporter=tap"));
    command.add(NodeClients.SCRIPTS.resolve(script).toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("NODE_"));
    builder.environment().put("MODULES", modules.toString());
    builder.environment().put("PROTO", CONTRACTS.toString());
    builder.environment().put("ADDRESS", address);
    builder.environment().putAll(environment);
    return new NodeProcess(script, builder.start());
  }

  /** Runs a script of tests to its end; each of them has to pass, and none may be left out. */
  static void test(String script, String address, Map<String, String> environment)
      throws IOException, InterruptedException {
    try (NodeProcess node = start(script, address, environment)) {
      String report = node.finish();
      assertThat(report).contains("\n# fail 0\n", "\n# skipped 0\n", "\n# todo 0\n");
      Matcher passed = PASSED.matcher(report);
      assertThat(passed.find()).as(report).isTrue();
      assertThat(Integer.parseInt(passed.group(1))).as(report).isPositive();
    }
  }

  /** Its next line; waits for one. */
  String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new AssertionError(script + " ended early");
    }
    return line;
  }

  /** What it writes from now to its end. */
  String rest() {
    return output.lines().collect(Collectors.joining("\n", "", "\n"));
  }

  /** Waits for its end, which has to be a good one; answers what it wrote. */
  String finish() throws InterruptedException {
    String report = rest();
    assertThat(process.waitFor()).as("%s:\n%s", script, report).isZero();
    return report;
  }

  /** Ends it as a crash would; what it wrote before can still be read. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
