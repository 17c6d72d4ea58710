package dev.mayfly.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.mayfly.testing.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerProcessTest {
  @TempDir Path folder;
  private @Nullable Process process;

  @AfterEach
  void endProcess() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void run_signal_stopsWithExitCodeZero(String signal) throws Exception {
    Process server =
        start(
            "--http",
            "127.0.0.1:0",
            "--grpc",
            "off",
            "--resp",
            "off",
            "--counter",
            "off",
            "--monitor",
            "127.0.0.1:0");
    BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
    List<String> block = new ArrayList<>();
    do {
      block.add(Objects.requireNonNull(out.readLine(), "the process ended"));
    } while (!"ready".equals(block.getLast()));
    assumeFalse(
        Signals.ignored(server.pid(), signal), "the tests run where " + signal + " is ignored");

    Process kill = new ProcessBuilder("kill", "-" + signal, "" + server.pid()).start();

    assertThat(kill.waitFor()).isZero();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
    assertThat(block.getFirst()).startsWith("mayfly ");
    assertThat(errors()).contains("NOTICE stopping", "NOTICE stopped");
  }

  @Test
  void run_jsonLog_saysReadyAsAnObject() throws Exception {
    Process server =
        start(
            "--http",
            "off",
            "--resp",
            "off",
            "--grpc",
            "off",
            "--counter",
            "off",
            "--monitor",
            "127.0.0.1:0",
            "--log-format",
            "json",
            "--readonly");

    assertThat(firstLines(2))
        .anyMatch(line -> line.contains("\"level\":\"WARN\"") && line.contains("readonly"))
        .anyMatch(line -> line.contains("\"message\":\"ready\",\"logger\":"))
        .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    assertThat(server.isAlive()).isTrue();
  }

  @Test
  void run_misspeltOption_stopsWithExitCodeTwo() throws Exception {
    Process server = start("--monitr", "off");

    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isEqualTo(ServerProcess.MISUSED);
    assertThat(errors()).isEqualTo("unknown option '--monitr': did you mean '--monitor'?\n");
  }

  @Test
  void run_addressInUse_stopsWithExitCodeOne() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();

      Process server =
          start(
              "--http",
              "off",
              "--grpc",
              "off",
              "--resp",
              "off",
              "--counter",
              "off",
              "--monitor",
              address);

      assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isEqualTo(ServerProcess.FAILED);
      assertThat(errors()).startsWith("monitor cannot listen on " + address + ": ").hasLineCount(1);
    }
  }

  private Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ServerProcessMain.class.getName());
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("MAYFLY_"));
    Process started = builder.start();
    process = started;
    return started;
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private List<String> firstLines(int count) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(folder.resolve("err"))) {
      List<String> found = new ArrayList<>();
      while (found.size() < count) {
        String line = lines.readLine();
        if (line != null) {
          found.add(line);
        } else if (process == null || !process.isAlive()) {
          throw new IllegalStateException("the process ended: " + found);
        } else {
          Thread.onSpinWait();
        }
      }
      return found;
    }
  }
}
