package dev.mayfly.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program in a process of its own that serves HTTP on the loopback interface until it is closed:
 * mayfly as its launcher starts it, or a peer. What it writes is thrown away, but for errors.
 * Confined to one thread.
 */
final class Program implements AutoCloseable {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long PROBE_NANOS = 1_000_000;
  private static final String LAUNCHER = "./mayfly";

  private final Process process;

  private Program(Process process) {
    this.process = process;
  }

  /** The command that starts mayfly with these arguments. */
  static List<String> mayfly(String... arguments) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The command that runs a class of this module in a JVM with these options. */
  static List<String> java(List<String> options, Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  static Program start(List<String> command) throws IOException {
    return new Program(
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start());
  }

  /**
   * Runs a command to its end.
   *
   * @return how long that took, nanoseconds
   * @throws IllegalStateException if it fails
   */
  static long run(List<String> command) throws IOException, InterruptedException {
    long start = Clock.nanos();
    Program program = start(command);
    int status = program.process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(command + " ended with status " + status);
    }
    return Clock.nanos() - start;
  }

  /** A port that was free just now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Asks for this path again and again until it answers 200. */
  void awaitAnswer(int port, String path) {
    long end = Clock.nanos() + PATIENCE_NANOS;
    while (!answers(port, path)) {
      if (!process.isAlive() || Clock.nanos() > end) {
        throw new IllegalStateException("no answer on port " + port);
      }
      LockSupport.parkNanos(PROBE_NANOS);
    }
  }

  private static boolean answers(int port, String path) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      String request = "GET " + path + " HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      String reply = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      return reply.equals("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  /** Processor time used so far. */
  long cpuNanos() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** Resident memory in bytes. */
  long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", "" + process.pid(), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no VmRSS for process " + process.pid());
  }

  /** Waits until it speaks RESP on this port. */
  void awaitResp(int port) {
    RespLoad.awaitAnswer(port);
    if (!process.isAlive()) {
      throw new IllegalStateException("the program on port " + port + " is not ours");
    }
  }

  /** Ends it at once, as a crash would. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
