package dev.mayfly.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code mayfly balance} beside HAProxy in TCP mode, in turn in the same run, both before one
 * redis-server: redis-benchmark with 50 connections. Processor time is the proxy's own; the bytes
 * are the same on both sides, so its ratio for a request is that for a byte.
 */
public final class BalanceSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 5);
  private static final int WARM_UPS = 3;
  private static final double RATE_MIN = 0.85;
  private static final double PROCESSOR_MAX = 1.3;

  /** A reading comes behind the writing that makes what it reads. */
  private static final List<Work> WORKS =
      List.of(
          new Work("SET, P=16", "set", 16, 64, 1_600_000, true),
          new Work("GET, P=16", "get", 16, 64, 1_600_000, true),
          new Work("GET, P=1", "get", 1, 64, 200_000, false),
          new Work("SET of 64 KiB, P=1", "set", 1, 64 << 10, 20_000, false),
          new Work("GET of 64 KiB, P=1", "get", 1, 64 << 10, 20_000, false));

  private BalanceSuite() {}

  /**
   * A test of redis-benchmark.
   *
   * @param pipeline how many commands go at once
   * @param hasBudget whether it has to keep to the budgets
   */
  private record Work(
      String name, String test, int pipeline, int valueBytes, int requests, boolean hasBudget) {
    String rate() {
      return name + " rate";
    }

    String processor() {
      return name + " processor";
    }
  }

  /** A proxy with its figures. */
  private record Side(Program program, int port, Figures figures) {}

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int back = Program.freePort();
    int port = Program.freePort();
    int peerPort = Program.freePort();
    Path configuration = Files.createTempFile("mayfly-bench", ".cfg");
    try (Program redis = Program.start(redis(back));
        Program ours = Program.start(balancer(port, back));
        Program peer = Program.start(haproxy(configuration, peerPort, back))) {
      RespLoad.awaitAnswer(back);
      Side mayfly = new Side(ours, port, new Figures());
      Side haproxy = new Side(peer, peerPort, new Figures());
      for (Side side : List.of(mayfly, haproxy)) {
        RespLoad.awaitAnswer(side.port());
      }
      measure(mayfly, haproxy);
      System.out.printf(
          Locale.ROOT,
          "%nResident: mayfly %.0f MB, HAProxy %.0f MB, redis-server used %.0f s%n",
          mayfly.program().residentBytes() / 1e6,
          haproxy.program().residentBytes() / 1e6,
          redis.cpuNanos() / 1e9);
    } finally {
      Files.delete(configuration);
    }
  }

  private static List<String> redis(int port) {
    List<String> command = new ArrayList<>(List.of("redis-server", "--port", "" + port));
    command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
    return command;
  }

  private static List<String> balancer(int port, int back) {
    List<String> command = Program.mayfly("balance", "--listen", "127.0.0.1:" + port);
    command.addAll(List.of("--backend", "127.0.0.1:" + back, "--log-level", "WARN"));
    return command;
  }

  private static List<String> haproxy(Path configuration, int port, int back) throws IOException {
    Files.writeString(
        configuration,
        """
        defaults
          mode tcp
          timeout connect 2s
          timeout client 1h
          timeout server 1h
        frontend front
          bind 127.0.0.1:%d
          default_backend back
        backend back
          server one 127.0.0.1:%d check
        """
            .formatted(port, back));
    return List.of("haproxy", "-db", "-q", "-f", configuration.toString());
  }

  private static void measure(Side mayfly, Side haproxy) throws IOException, InterruptedException {
    for (Work work : WORKS) {
      for (int i = 0; i < WARM_UPS; i++) {
        run(work, mayfly);
      }
      run(work, haproxy);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Work work : WORKS) {
        mayfly.figures().add(run(work, mayfly));
        haproxy.figures().add(run(work, haproxy));
      }
    }
    print(mayfly.figures(), haproxy.figures());
  }

  private static void print(Figures ours, Figures theirs) {
    System.out.printf(Locale.ROOT, "%nredis-benchmark, medians of %d rounds%n%n", ROUNDS);
    System.out.println(
        "| load | mayfly a second | HAProxy a second | ratio | µs processor | µs HAProxy | ratio |"
            + "\n|---|---|---|---|---|---|---|");
    Verdicts verdicts = new Verdicts();
    for (Work work : WORKS) {
      double rate = ours.ratio(work.rate(), theirs, work.rate());
      double processor = ours.ratio(work.processor(), theirs, work.processor());
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %.2fx | %.2f | %.2f | %.2fx |%n",
          work.name(),
          ours.median(work.rate()),
          theirs.median(work.rate()),
          rate,
          ours.median(work.processor()),
          theirs.median(work.processor()),
          processor);
      if (work.hasBudget()) {
        verdicts.atLeast(work.name() + ": requests a second", rate, "HAProxy", RATE_MIN);
        verdicts.atMost(work.name() + ": processor a byte", processor, "HAProxy", PROCESSOR_MAX);
      }
    }
    verdicts.print();
  }

  private static Map<String, Double> run(Work work, Side side)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("redis-benchmark", "-p", "" + side.port()));
    command.addAll(List.of("-c", "50", "-r", "1000", "--csv", "-d", "" + work.valueBytes()));
    command.addAll(List.of("-t", work.test(), "-n", "" + work.requests()));
    command.addAll(List.of("-P", "" + work.pipeline()));
    long before = side.program().cpuNanos();
    Process benchmark = new ProcessBuilder(command).redirectErrorStream(true).start();
    String report = new String(benchmark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (benchmark.waitFor() != 0) {
      throw new IllegalStateException("redis-benchmark failed: " + report);
    }
    String[] columns = report.strip().lines().reduce((a, b) -> b).orElseThrow().split("\",\"", -1);
    double processor = (side.program().cpuNanos() - before) / 1e3 / work.requests();
    return Map.of(work.rate(), Double.parseDouble(columns[1]), work.processor(), processor);
  }
}
