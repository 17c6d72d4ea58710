package dev.mayfly.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the engine's measurements and prints a table of each, with the budget beside.
 *
 * <p>Every measurement is a {@link Trial} in a fresh JVM. Where the engine is compared, the peer's
 * trial follows at once with the same memory in all, and the order changes from round to round;
 * what is printed is the median of the rounds. With names as arguments it runs only these tables.
 */
public final class EngineSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 3);
  private static final int LARGE = Integer.getInteger("mayfly.bench.large", 5_000_000);
  private static final int HUGE = Integer.getInteger("mayfly.bench.huge", 10_000_000);
  private static final int SMALL = 100_000;
  private static final int MILLION = 1_000_000;
  private static final long BYTES_PER_ENTRY = 400;
  private static final long BYTES_MIN = 192L << 20;
  private static final String TRIAL_MILLIS = "4000";

  private EngineSuite() {}

  /** Arguments: throughput, tail, memory, expiry, log; none: all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> wanted = args.length > 0 ? List.of(args) : List.of("all");
    boolean all = wanted.contains("all");
    if (all || wanted.contains("throughput")) {
      throughput(SMALL, "0.9x", "1.1x");
      throughput(LARGE, "1.3x", "1.6x");
    }
    if (all || wanted.contains("tail")) {
      tail();
    }
    if (all || wanted.contains("memory")) {
      memory(MILLION);
      memory(HUGE);
    }
    if (all || wanted.contains("expiry")) {
      expiry();
    }
    if (all || wanted.contains("log")) {
      logShare();
    }
  }

  private static long bytesFor(int entries) {
    return Math.max(BYTES_MIN, BYTES_PER_ENTRY * entries);
  }

  private static void throughput(int entries, String mixBudget, String setBudget)
      throws IOException, InterruptedException {
    Pair pair = new Pair();
    for (int round = 0; round < ROUNDS; round++) {
      pair.run(round, entries, "throughput", List.of(TRIAL_MILLIS));
    }
    System.out.printf(
        Locale.ROOT,
        "%n%,d entries, two threads, each key replaced twice before, median of %d rounds%n%n",
        entries,
        ROUNDS);
    System.out.println("| load | engine M/s | map M/s | ratio | budget | engine ns | map ns |");
    System.out.println("|---|---|---|---|---|---|---|");
    row(pair, "90 % get, 10 % set", "mix", mixBudget);
    row(pair, "set", "set", setBudget);
    row(pair, "get", "get", "");
    row(pair, "get, one thread", "get1", "");
    row(pair, "set, one thread", "set1", "");
    double scale = pair.engine.ratio("get", pair.engine, "get1");
    System.out.printf(Locale.ROOT, "%nTwo threads read %.2fx as much as one; budget 1.6x%n", scale);
  }

  private static void row(Pair pair, String what, String figure, String budget) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2fx | %s | %.0f | %.0f |%n",
        what,
        pair.engine.median(figure),
        pair.map.median(figure),
        pair.engine.ratio(figure, pair.map, figure),
        budget,
        pair.engine.median(figure + ".cpu"),
        pair.map.median(figure + ".cpu"));
  }

  private static void tail() throws IOException, InterruptedException {
    Pair pair = new Pair();
    for (int round = 0; round < ROUNDS; round++) {
      pair.run(round, HUGE, "tail", List.of("100000", "20000"));
    }
    System.out.printf(
        Locale.ROOT,
        "%nSets at 100,000 a second beside a busy reader, %,d entries, milliseconds%n%n",
        HUGE);
    System.out.println("| percentile | engine | map | budget |");
    System.out.println("|---|---|---|---|");
    for (String figure : List.of("p50", "p99", "p99.9", "p99.99", "max")) {
      String budget =
          switch (figure) {
            case "p99.9" -> "a twentieth of the map's";
            case "p99.99" -> "10";
            default -> "";
          };
      System.out.printf(
          Locale.ROOT,
          "| %s | %.3f | %.3f | %s |%n",
          figure,
          pair.engine.median(figure) / 1000,
          pair.map.median(figure) / 1000,
          budget);
    }
  }

  private static void memory(int entries) throws IOException, InterruptedException {
    Figures figures = new Figures();
    figures.add(
        Fork.run(
            List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"),
            Map.of("mayfly.bench.event-bytes", String.valueOf(2 << 20)),
            List.of("memory", text(entries), text(bytesFor(entries)))));
    System.out.printf(Locale.ROOT, "%nMemory, %,d entries of 16 + 64 bytes%n%n", entries);
    System.out.println("| | measured | budget |\n|---|---|---|");
    figures.print("| resident bytes per entry above idle | %.1f | 132 |%n", "resident");
    figures.print("| of them accounted for by the engine | %.1f | |%n", "accounted");
    figures.print("| share held 60 s after all expired | %.3f | 0.15 |%n", "left.share");
    figures.print("| seconds until at most 0.15 is held | %.0f | 60 |%n", "left.seconds");
  }

  private static void expiry() throws IOException, InterruptedException {
    Figures figures = new Figures();
    figures.add(
        Fork.run(
            List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m"),
            Map.of(),
            List.of("expiry", text(MILLION), text(bytesFor(MILLION)), "60000")));
    System.out.printf(
        Locale.ROOT,
        "%nEXPIRED events after the deadline, %,.0f keys over a minute, milliseconds%n%n",
        figures.median("events"));
    System.out.println("| percentile | measured | budget |\n|---|---|---|");
    figures.print("| p50 | %.1f | |%n", "p50");
    figures.print("| p99 | %.1f | 20 |%n", "p99");
    figures.print("| p99.9 | %.1f | |%n", "p99.9");
    figures.print("| max | %.1f | |%n", "max");
  }

  private static void logShare() throws IOException, InterruptedException {
    System.out.println("\nThe event log's share of a set, of processor-time samples\n");
    System.out.println("| entries | share | budget |\n|---|---|---|");
    for (int entries : new int[] {SMALL, LARGE}) {
      Figures figures = new Figures();
      figures.add(
          Fork.run(
              List.of(
                  "-XX:+UseSerialGC",
                  "-Xms256m",
                  "-Xmx256m",
                  "-XX:+UnlockDiagnosticVMOptions",
                  "-XX:+DebugNonSafepoints"),
              Map.of(),
              List.of("log-share", text(entries), text(bytesFor(entries)), "8000")));
      figures.print("| " + entries + " | %.3f | 0.15 |%n", "share");
    }
  }

  private static String text(long number) {
    return String.valueOf(number);
  }

  /**
   * The engine and the map, measured in turn, each with the same memory in all: the engine with the
   * collector that the server runs with, and most of its heap for what is short-lived, as there;
   * the map with G1.
   */
  private static final class Pair {
    private static final long ENGINE_HEAP = 64L << 20;
    private static final long ENGINE_YOUNG = 44L << 20;

    final Figures engine = new Figures();
    final Figures map = new Figures();

    void run(int round, int entries, String trial, List<String> more)
        throws IOException, InterruptedException {
      for (int turn = 0; turn < 2; turn++) {
        boolean isEngine = (round + turn) % 2 == 0;
        long bytes = bytesFor(entries);
        long heap = isEngine ? ENGINE_HEAP : bytes;
        long store = isEngine ? bytes - ENGINE_HEAP : bytes;
        List<String> options = new ArrayList<>(List.of("-Xms" + heap, "-Xmx" + heap));
        options.addAll(
            isEngine
                ? List.of("-XX:+UseSerialGC", "-XX:+UseCondCardMark", "-XX:NewSize=" + ENGINE_YOUNG)
                : List.of("-XX:+UseG1GC"));
        List<String> args = new ArrayList<>();
        args.addAll(List.of(trial, isEngine ? "engine" : "map", text(entries), text(store)));
        args.addAll(more);
        (isEngine ? engine : map).add(Fork.run(options, Map.of(), args));
      }
    }
  }
}
