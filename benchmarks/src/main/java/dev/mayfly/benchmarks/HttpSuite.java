package dev.mayfly.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code GET /get} of the http door under wrk, beside a bare Vert.x handler that answers a constant
 * of the same length. Both run with the options of the server; rounds take turns.
 */
public final class HttpSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 5);
  private static final int SECONDS = Integer.getInteger("mayfly.bench.seconds", 5);
  private static final int WARM_UP_SECONDS = 8;
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");

  private HttpSuite() {}

  /** No arguments. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Figures mayfly = new Figures();
    Figures bare = new Figures();
    int port = Program.freePort();
    int barePort = Program.freePort();
    try (Program server = Program.start(StartupSuite.serve(port));
        Program peer =
            Program.start(
                Program.java(ServerJvm.options(), BareVertx.class, String.valueOf(barePort)))) {
      server.awaitAnswer(port, "/set?k=key&v=" + "v".repeat(64));
      peer.awaitAnswer(barePort, "/");
      wrk(server, port, WARM_UP_SECONDS);
      wrk(peer, barePort, WARM_UP_SECONDS);
      for (int round = 0; round < ROUNDS; round++) {
        mayfly.add(wrk(server, port, SECONDS));
        bare.add(wrk(peer, barePort, SECONDS));
      }
    }
    System.out.printf(Locale.ROOT, "%nGET /get of 64 bytes, medians of %d rounds%n%n", ROUNDS);
    System.out.println("| | mayfly | bare Vert.x | ratio | budget |\n|---|---|---|---|---|");
    System.out.printf(
        Locale.ROOT,
        "| requests a second | %.0f | %.0f | %.2fx | 0.85x |%n",
        mayfly.median("rate"),
        bare.median("rate"),
        mayfly.ratio("rate", bare, "rate"));
    System.out.printf(
        Locale.ROOT,
        "| processor microseconds a request | %.2f | %.2f | %.2fx | |%n",
        mayfly.median("cpu"),
        bare.median("cpu"),
        mayfly.ratio("cpu", bare, "cpu"));
  }

  private static Map<String, Double> wrk(Program server, int port, int seconds)
      throws IOException, InterruptedException {
    long before = server.cpuNanos();
    String url = "http://127.0.0.1:" + port + "/get?k=key";
    Process wrk =
        new ProcessBuilder("wrk", "-t1", "-c32", "-d" + seconds + "s", url)
            .redirectErrorStream(true)
            .start();
    String report = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (wrk.waitFor() != 0 || report.contains("Non-2xx")) {
      throw new IllegalStateException("wrk failed: " + report);
    }
    double requests = number(REQUESTS, report);
    return Map.of(
        "rate", number(RATE, report), "cpu", (server.cpuNanos() - before) / 1e3 / requests);
  }

  private static double number(Pattern pattern, String report) {
    Matcher found = pattern.matcher(report);
    if (!found.find()) {
      throw new IllegalStateException("no " + pattern + " in wrk's report: " + report);
    }
    return Double.parseDouble(found.group(1));
  }
}
