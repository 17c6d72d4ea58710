package dev.mayfly.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The counter door beside a plain echo on blocking sockets, under the same load from this process,
 * and counters and limits without a door. With names as arguments it runs only these tables.
 */
public final class CounterSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 5);
  private static final int SECONDS = Integer.getInteger("mayfly.bench.seconds", 4);
  private static final int HUGE = Integer.getInteger("mayfly.bench.huge", 10_000_000);
  private static final int WARM_UP_SECONDS = 8;
  private static final int IN_FLIGHT = 128;
  private static final int OPERATIONS = 32;
  private static final List<String> ECHO_OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xms16m", "-Xmx512m");
  private static final List<String> TRIAL_OPTIONS =
      List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx64m");

  private CounterSuite() {}

  /** Arguments: datagrams, memory, decisions; none: all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> wanted = args.length > 0 ? List.of(args) : List.of("all");
    boolean all = wanted.contains("all");
    if (all || wanted.contains("datagrams")) {
      datagrams();
    }
    if (all || wanted.contains("memory")) {
      memory();
    }
    if (all || wanted.contains("decisions")) {
      decisions();
    }
  }

  /** The command that serves counters at one port, and HTTP at another. */
  private static List<String> serve(int http, int counter) throws IOException {
    List<String> command = new ArrayList<>(Program.mayfly("serve"));
    command.addAll(List.of("--http", "127.0.0.1:" + http, "--counter", "127.0.0.1:" + counter));
    for (String door : List.of("grpc", "resp", "monitor")) {
      command.addAll(List.of("--" + door, "127.0.0.1:" + Program.freePort()));
    }
    return command;
  }

  private static void datagrams() throws IOException, InterruptedException {
    int http = Program.freePort();
    int port = Program.freePort();
    int echoPort = Program.freePort();
    Figures puts = new Figures();
    Figures echo = new Figures();
    Figures frames = new Figures();
    try (Program server = Program.start(serve(http, port));
        Program peer =
            Program.start(
                Program.java(ECHO_OPTIONS, DatagramEcho.class, String.valueOf(echoPort)))) {
      server.awaitAnswer(http, "/healthcheck");
      DatagramLoad load = new DatagramLoad(port, IN_FLIGHT);
      DatagramLoad echoLoad = new DatagramLoad(echoPort, IN_FLIGHT);
      byte[][] packets = DatagramLoad.packets(1000);
      byte[][] frame = DatagramLoad.frames(1000, OPERATIONS);
      load.run(server, packets, WARM_UP_SECONDS);
      load.run(server, frame, WARM_UP_SECONDS);
      echoLoad.run(peer, packets, WARM_UP_SECONDS);
      for (int round = 0; round < ROUNDS; round++) {
        puts.add(load.run(server, packets, SECONDS));
        echo.add(echoLoad.run(peer, packets, SECONDS));
        frames.add(load.run(server, frame, SECONDS));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%nDatagrams over loopback, %d in flight, medians of %d rounds%n%n",
        IN_FLIGHT,
        ROUNDS);
    System.out.println("| | puts of 1500 bytes | blocking echo | ratio | budget |");
    System.out.println("|---|---|---|---|---|");
    row("server's processor microseconds each", puts, echo, "cpu", "1.00x");
    row("answered a second", puts, echo, "rate", "");
    row("lost", puts, echo, "lost", "0");
    System.out.printf(
        Locale.ROOT,
        "%nFrames of %d puts: %.2f M puts per processor-second of the server (budget 4),"
            + " %.2f us a datagram, %.0f lost%n",
        OPERATIONS,
        OPERATIONS / frames.median("cpu"),
        frames.median("cpu"),
        frames.median("lost"));
  }

  private static void row(String what, Figures puts, Figures echo, String name, String budget) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %s | %s |%n",
        what,
        puts.median(name),
        echo.median(name),
        name.equals("lost")
            ? ""
            : String.format(Locale.ROOT, "%.2fx", puts.ratio(name, echo, name)),
        budget);
  }

  private static Map<String, Double> trial(String... arguments)
      throws IOException, InterruptedException {
    return Fork.run(TRIAL_OPTIONS, Map.of(), List.of(arguments));
  }

  private static void memory() throws IOException, InterruptedException {
    Figures hot = new Figures();
    hot.add(trial("counter-hot", "100", "1000000"));
    Figures keys = new Figures();
    keys.add(trial("counter-keys", String.valueOf(HUGE)));
    System.out.println("\nMemory of counters\n\n| | measured | budget |\n|---|---|---|");
    hot.print("| 100 keys of 1 M live events each, MB | %.1f | 64 |%n", "megabytes");
    keys.print("| bytes a key, " + HUGE + " keys of 16 bytes | %.1f | 80 |%n", "accounted");
    keys.print("| of them resident above idle | %.1f | 80 |%n", "resident");
    System.out.println(
        "\nTimes of counters, nanoseconds\n\n| | measured | budget |\n|---|---|---|");
    hot.print("| count of a key with 1 M live events | %.0f | 1000 |%n", "count");
    hot.print("| hit of such a key | %.0f | |%n", "hit");
    keys.print("| hit of a new key | %.0f | |%n", "hit");
  }

  private static void decisions() throws IOException, InterruptedException {
    Figures figures = new Figures();
    for (int round = 0; round < ROUNDS; round++) {
      figures.add(trial("take", "100000"));
    }
    System.out.println(
        "\nA take in-process, nanoseconds\n\n| | measured | budget |\n|---|---|---|");
    for (String kind : List.of("sliding_window", "gcra", "token_bucket", "concurrency")) {
      figures.print("| " + kind + " | %.0f | 300 |%n", kind);
    }
  }
}
