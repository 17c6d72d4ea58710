package dev.mayfly.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * redis-benchmark with 50 connections on two programs in turn: rounds, and a table of their
 * medians. Stateless.
 */
final class RedisBenchmark {
  /** How often one of ours runs before it is measured, so that it is compiled. */
  private static final int WARM_UPS = 3;

  private RedisBenchmark() {}

  /**
   * A test of redis-benchmark.
   *
   * @param pipeline how many commands go at once
   * @param budget what is wanted of the ratios, as the table shows it; empty: nothing
   */
  record Work(
      String name,
      String test,
      int pipeline,
      int valueBytes,
      int keys,
      int requests,
      String budget) {
    String rate() {
      return name + " rate";
    }

    String processor() {
      return name + " processor";
    }

    String client() {
      return name + " client";
    }
  }

  /** A program with its figures. */
  record Side(Program program, int port, Figures figures) {}

  /** Measures every work on both, in turn, so many times. */
  static void measure(List<Work> works, Side ours, Side peer, int rounds)
      throws IOException, InterruptedException {
    for (Work work : works) {
      for (int i = 0; i < WARM_UPS; i++) {
        run(work, ours);
      }
      run(work, peer);
    }
    for (int round = 0; round < rounds; round++) {
      for (Work work : works) {
        ours.figures().add(run(work, ours));
        peer.figures().add(run(work, peer));
      }
    }
  }

  /**
   * Runs it once: its rate, the program's processor time for a request in microseconds, and how
   * much of one processor the client took, which has one thread: at 1 it can do no more.
   */
  static Map<String, Double> run(Work work, Side side) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("redis-benchmark", "-p", "" + side.port()));
    command.addAll(List.of("-c", "50", "-d", "" + work.valueBytes(), "-r", "" + work.keys()));
    command.addAll(List.of("--csv", "-t", work.test(), "-n", "" + work.requests()));
    command.addAll(List.of("-P", "" + work.pipeline()));
    long before = side.program().cpuNanos();
    long clientBefore = Clock.endedProcessesCpuNanos();
    Process benchmark = new ProcessBuilder(command).redirectErrorStream(true).start();
    String report = new String(benchmark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (benchmark.waitFor() != 0) {
      throw new IllegalStateException("redis-benchmark failed: " + report);
    }
    String[] columns = report.strip().lines().reduce((a, b) -> b).orElseThrow().split("\",\"", -1);
    double processor = (side.program().cpuNanos() - before) / 1e3 / work.requests();
    double rate = Double.parseDouble(columns[1]);
    double client = (Clock.endedProcessesCpuNanos() - clientBefore) / 1e9 * rate / work.requests();
    return Map.of(work.rate(), rate, work.processor(), processor, work.client(), client);
  }

  /** Prints the medians and their ratios. */
  static void print(
      List<Work> works, Side ours, Side peer, String name, String peerName, int rounds) {
    System.out.printf(Locale.ROOT, "%nredis-benchmark, medians of %d rounds%n%n", rounds);
    System.out.printf(
        Locale.ROOT,
        "| load | %2$s a second | %1$s a second | ratio | µs processor | µs %1$s | ratio |"
            + " client busy | with %1$s | budget |%n|---|---|---|---|---|---|---|---|---|---|%n",
        peerName,
        name);
    Figures figures = ours.figures();
    Figures theirs = peer.figures();
    for (Work work : works) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %.2fx | %.2f | %.2f | %.2fx | %.0f %% | %.0f %% | %s |%n",
          work.name(),
          figures.median(work.rate()),
          theirs.median(work.rate()),
          figures.ratio(work.rate(), theirs, work.rate()),
          figures.median(work.processor()),
          theirs.median(work.processor()),
          figures.ratio(work.processor(), theirs, work.processor()),
          100 * figures.median(work.client()),
          100 * theirs.median(work.client()),
          work.budget());
    }
  }
}
