package dev.mayfly.it;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.mayfly.testing.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, from the class path of the build. */
final class MayflyProcess implements AutoCloseable {
  /** Generous: the machine may be busy. */
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final CompletableFuture<String> err;

  private MayflyProcess(Process process) {
    this.process = process;
    this.err = read(process.getErrorStream());
  }

  /** How a process ended. */
  record Outcome(int code, String out, String err) {}

  static MayflyProcess start(Path folder, Map<String, String> environment, String... words)
      throws IOException {
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(MAYFLY|OTEL)_.*"));
    builder.environment().putAll(Map.of("HOME", folder.toString(), "LC_ALL", "C.UTF-8"));
    builder.environment().putAll(environment);
    return new MayflyProcess(builder.start());
  }

  /** The words before the program's own. */
  static List<String> java() {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseCompactObjectHeaders",
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "-cp",
        classPath,
        "dev.mayfly.cli.Main");
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  BufferedReader output() {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Closes its input, reads its output to the end and waits. */
  Outcome finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    CompletableFuture<String> out = read(process.getInputStream());
    int code = exitCode();
    return new Outcome(code, out.join(), err.join());
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the process did not end within " + PATIENCE_SECONDS + " s");
    }
    return process.exitValue();
  }

  /** What it has written to standard error, once it has ended. */
  String err() {
    return err.join();
  }

  /** Sends a signal by its name, such as TERM; ends the test where the process ignores it. */
  void signal(String name) throws IOException, InterruptedException {
    assumeFalse(Signals.ignored(process.pid(), name), "the tests run where it is ignored: " + name);
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            });
    return text;
  }
}
