package dev.mayfly.benchmarks;

import dev.mayfly.benchmarks.RedisBenchmark.Side;
import dev.mayfly.benchmarks.RedisBenchmark.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code mayfly balance} beside HAProxy in TCP mode, in turn in the same run, both before one
 * redis-server: redis-benchmark with 50 connections. Processor time is the proxy's own; the bytes
 * are the same on both sides, so its ratio for a request is that for a byte.
 */
public final class BalanceSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 5);
  private static final int KEYS = 1000;
  private static final String PEER = "HAProxy";
  private static final double RATE_MIN = 0.85;
  private static final double PROCESSOR_MAX = 1.3;
  private static final String BUDGET = RATE_MIN + "x, " + PROCESSOR_MAX + "x";

  /** A reading comes behind the writing that makes what it reads. */
  private static final List<Work> WORKS =
      List.of(
          new Work("SET, P=16", "set", 16, 64, KEYS, 1_600_000, BUDGET),
          new Work("GET, P=16", "get", 16, 64, KEYS, 1_600_000, BUDGET),
          new Work("GET, P=1", "get", 1, 64, KEYS, 200_000, ""),
          new Work("SET of 64 KiB, P=1", "set", 1, 64 << 10, KEYS, 20_000, ""),
          new Work("GET of 64 KiB, P=1", "get", 1, 64 << 10, KEYS, 20_000, ""));

  private BalanceSuite() {}

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
      RedisBenchmark.measure(WORKS, mayfly, haproxy, ROUNDS);
      RedisBenchmark.print(WORKS, mayfly, haproxy, "mayfly", PEER, ROUNDS);
      judge(mayfly.figures(), haproxy.figures());
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

  private static void judge(Figures ours, Figures theirs) {
    Verdicts verdicts = new Verdicts();
    for (Work work : WORKS) {
      if (!work.budget().isEmpty()) {
        verdicts.atLeast(
            work.name() + ": requests a second",
            ours.ratio(work.rate(), theirs, work.rate()),
            PEER,
            RATE_MIN);
        verdicts.atMost(
            work.name() + ": processor a byte",
            ours.ratio(work.processor(), theirs, work.processor()),
            PEER,
            PROCESSOR_MAX);
      }
    }
    verdicts.print();
  }
}
