package dev.mayfly.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The counter door beside a plain echo on blocking sockets, under the same load from this process,
 * and counters and limits without a door. Each budget is a line of the table printed at the end.
 * With names as arguments it measures only these parts.
 */
public final class CounterSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 5);
  private static final int SECONDS = Integer.getInteger("mayfly.bench.seconds", 2);
  private static final int HUGE = Integer.getInteger("mayfly.bench.huge", 10_000_000);
  private static final int WARM_UP_SECONDS = 5;
  private static final int TRIALS = 2;
  private static final int IN_FLIGHT = 128;
  private static final int OPERATIONS = 32;
  private static final int KEYS = 1000;
  private static final List<String> TRIAL_OPTIONS =
      List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx64m");

  private final Verdicts verdicts = new Verdicts();

  private CounterSuite() {}

  /** Arguments: datagrams, memory, decisions; none: all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> wanted = args.length > 0 ? List.of(args) : List.of("all");
    boolean all = wanted.contains("all");
    CounterSuite suite = new CounterSuite();
    if (all || wanted.contains("datagrams")) {
      suite.datagrams();
    }
    if (all || wanted.contains("memory")) {
      suite.memory();
    }
    if (all || wanted.contains("decisions")) {
      suite.decisions();
    }
    suite.verdicts.print();
  }

  /** The command that serves counters at one port, and HTTP at another. */
  private static List<String> serve(int http, int counter) {
    List<String> command = new ArrayList<>(Program.mayfly("serve"));
    command.addAll(List.of("--http", "127.0.0.1:" + http, "--counter", "127.0.0.1:" + counter));
    for (String door : List.of("grpc", "resp", "monitor")) {
      command.addAll(List.of("--" + door, "off"));
    }
    return command;
  }

  private void datagrams() throws IOException, InterruptedException {
    int http = Program.freePort();
    int port = Program.freePort();
    int echoPort = Program.freePort();
    byte[][] packets = DatagramLoad.packets(KEYS);
    byte[][] frames = DatagramLoad.frames(KEYS, OPERATIONS);
    try (Program server = Program.start(serve(http, port));
        Program peer =
            Program.start(
                Program.java(ServerJvm.options(), DatagramEcho.class, String.valueOf(echoPort)));
        DatagramLoad putLoad = new DatagramLoad(port, IN_FLIGHT, packets);
        DatagramLoad frameLoad = new DatagramLoad(port, IN_FLIGHT, frames);
        DatagramLoad echoLoad = new DatagramLoad(echoPort, IN_FLIGHT, packets)) {
      server.awaitAnswer(http, "/healthcheck");
      putLoad.run(server, WARM_UP_SECONDS);
      frameLoad.run(server, WARM_UP_SECONDS);
      echoLoad.run(peer, WARM_UP_SECONDS);
      Figures puts = new Figures();
      Figures echo = new Figures();
      Figures framed = new Figures();
      for (int round = 0; round < ROUNDS; round++) {
        puts.add(putLoad.run(server, SECONDS));
        echo.add(echoLoad.run(peer, SECONDS));
        framed.add(frameLoad.run(server, SECONDS));
      }
      judge(puts, echo, framed);
    }
  }

  private void judge(Figures puts, Figures echo, Figures framed) {
    System.out.printf(
        Locale.ROOT,
        "Datagrams over loopback, %d in flight, medians of %d rounds: a second %.0f puts,"
            + " %.0f echoes, %.0f frames%n",
        IN_FLIGHT,
        ROUNDS,
        puts.median("rate"),
        echo.median("rate"),
        framed.median("rate"));
    String beside =
        String.format(Locale.ROOT, "%.2f and %.2f us", puts.median("cpu"), echo.median("cpu"));
    verdicts.atMost(
        "server's processor time for a put of 1500 bytes, of a blocking echo's",
        puts.ratio("cpu", echo, "cpu"),
        beside,
        1);
    verdicts.atMost("puts lost of those in flight", puts.sum("lost"), "", 0);
    verdicts.atLeast(
        "M puts per processor-second, frames of " + OPERATIONS,
        OPERATIONS / framed.median("cpu"),
        "",
        4);
    verdicts.atMost("frames lost", framed.sum("lost"), "", 0);
  }

  private static Map<String, Double> trial(String... arguments)
      throws IOException, InterruptedException {
    return Fork.run(TRIAL_OPTIONS, Map.of(), List.of(arguments));
  }

  private void memory() throws IOException, InterruptedException {
    Figures hot = new Figures();
    hot.add(trial("counter-hot", "100", "1000000"));
    Figures keys = new Figures();
    keys.add(trial("counter-keys", String.valueOf(HUGE)));
    verdicts.atMost("MB for 100 keys of 1 M live events each", hot.median("megabytes"), "", 64);
    verdicts.atMost("ns for the count of such a key", hot.median("count"), "", 1000);
    verdicts.atMost(
        "bytes a key, " + HUGE + " keys of 16 bytes, accounted", keys.median("accounted"), "", 80);
    verdicts.atMost("the same, resident above idle", keys.median("resident"), "", 80);
    hot.print("A hit of a key with 1 M live events takes %.0f ns of processor time", "hit");
    keys.print(", of a new key %.0f%n", "hit");
  }

  private void decisions() throws IOException, InterruptedException {
    for (int keys : new int[] {KEYS, 100 * KEYS}) {
      Figures figures = new Figures();
      for (int round = 0; round < TRIALS; round++) {
        figures.add(trial("take", String.valueOf(keys)));
      }
      for (String kind : List.of("sliding_window", "gcra", "token_bucket", "concurrency")) {
        String what = "ns for a take, %s, %d keys at random".formatted(kind, keys);
        verdicts.atMost(what, figures.median(kind), "", 300);
      }
      System.out.printf(
          "A take and giving back at once, %d keys at random: %.0f ns%n",
          keys, figures.median(CounterTrial.GIVEN_BACK));
    }
  }
}
