package dev.mayfly.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast mayfly starts and how little it holds when idle, each beside a bare JVM: one that
 * answers HTTP with the JDK's own server, one that prints a line and ends. Rounds take turns; the
 * table shows medians.
 */
public final class StartupSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 9);
  private static final long SETTLE_NANOS = 2_000_000_000L;
  private static final List<String> BARE_OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders");

  private StartupSuite() {}

  /** No arguments. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Figures mayfly = new Figures();
    Figures bare = new Figures();
    for (int round = 0; round < ROUNDS; round++) {
      int port = Program.freePort();
      mayfly.add(served(serve(port), port, "/healthcheck"));
      port = Program.freePort();
      bare.add(
          served(Program.java(BARE_OPTIONS, BareProgram.class, String.valueOf(port)), port, "/"));
    }
    commands(mayfly, bare);
    System.out.printf(Locale.ROOT, "%nStarting, medians of %d rounds%n%n", ROUNDS);
    System.out.println("| | mayfly | bare JVM | budget |\n|---|---|---|---|");
    row(mayfly, bare, "first answer of `./mayfly serve`, ms", "answer", "400");
    row(mayfly, bare, "`./mayfly get k`, ms", "get", "250");
    row(mayfly, bare, "`./mayfly version`, ms", "version", "");
    row(mayfly, bare, "idle resident memory, MB", "resident", "100");
  }

  /** The command that serves HTTP on this port, and opens every other door on a free one. */
  static List<String> serve(int port) throws IOException {
    List<String> command = Program.mayfly("serve", "--http", "127.0.0.1:" + port);
    for (String door : List.of("grpc", "resp", "counter", "monitor")) {
      command.addAll(List.of("--" + door, "127.0.0.1:" + Program.freePort()));
    }
    return command;
  }

  private static Map<String, Double> served(List<String> command, int port, String path)
      throws IOException {
    long start = Clock.nanos();
    try (Program program = Program.start(command)) {
      program.awaitAnswer(port, path);
      double answer = (Clock.nanos() - start) / 1e6;
      LockSupport.parkNanos(SETTLE_NANOS);
      return Map.of("answer", answer, "resident", program.residentBytes() / 1e6);
    }
  }

  private static void commands(Figures mayfly, Figures bare)
      throws IOException, InterruptedException {
    int port = Program.freePort();
    String address = "127.0.0.1:" + port;
    try (Program server = Program.start(serve(port))) {
      server.awaitAnswer(port, "/healthcheck");
      Program.run(Program.mayfly("set", "k", "v", "-a", address));
      for (int round = 0; round < ROUNDS; round++) {
        double get = Program.run(Program.mayfly("get", "k", "-a", address)) / 1e6;
        double version = Program.run(Program.mayfly("version")) / 1e6;
        mayfly.add(Map.of("get", get, "version", version));
        double ended = Program.run(Program.java(BARE_OPTIONS, BareProgram.class)) / 1e6;
        bare.add(Map.of("get", ended, "version", ended));
      }
    }
  }

  private static void row(Figures mayfly, Figures bare, String what, String name, String budget) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %s |%n",
        what,
        mayfly.median(name),
        bare.median(name),
        budget);
  }
}
