package dev.mayfly.benchmarks;

import dev.mayfly.benchmarks.RedisBenchmark.Side;
import dev.mayfly.benchmarks.RedisBenchmark.Work;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The resp door beside redis-server, in turn in the same run: redis-benchmark with 50 connections,
 * 64-byte values and 100,000 keys; tails under a paced load; resident memory of entries with a
 * lifespan.
 */
public final class RespSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 5);

  /** The compiler is still busy with a new server in its first half a minute. */
  private static final int TAIL_WARM_UPS = 3;

  /** A tail varies far more than a mean. */
  private static final int TAIL_ROUNDS = 2 * ROUNDS - 1;

  private static final int SECONDS = Integer.getInteger("mayfly.bench.seconds", 10);
  private static final int ENTRIES = Integer.getInteger("mayfly.bench.huge", 10_000_000);
  private static final int KEYS = 100_000;
  private static final int VALUE_BYTES = 64;
  private static final long SETTLE_NANOS = 3_000_000_000L;
  private static final double PERCENTILE = 99.9;

  private static final List<Work> WORKS =
      List.of(
          new Work("GET, P=1", "get", 1, VALUE_BYTES, KEYS, 200_000, "1.0x, 1.05x"),
          new Work("SET, P=1", "set", 1, VALUE_BYTES, KEYS, 200_000, "1.0x, 1.05x"),
          new Work("GET, P=16", "get", 16, VALUE_BYTES, KEYS, 1_600_000, "1.6x"),
          new Work("SET, P=16", "set", 16, VALUE_BYTES, KEYS, 1_600_000, "1.6x"),
          new Work("GET, P=64", "get", 64, VALUE_BYTES, KEYS, 3_200_000, "2.2x"),
          new Work("SET, P=64", "set", 64, VALUE_BYTES, KEYS, 3_200_000, "2.2x"),
          new Work("INCR, P=16", "incr", 16, VALUE_BYTES, KEYS, 1_600_000, "1.5x"),
          new Work("MSET of 10, P=1", "mset", 1, VALUE_BYTES, KEYS, 100_000, "1.3x"));

  private RespSuite() {}

  /** The tables wanted: throughput, ceiling, tail, memory; none: all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> tables =
        args.length == 0 ? List.of("throughput", "ceiling", "tail", "memory") : List.of(args);
    int port = Program.freePort();
    int peerPort = Program.freePort();
    try (Program server = Program.start(mayfly(port));
        Program peer = Program.start(redis(peerPort))) {
      Side mayfly = new Side(server, port, new Figures());
      Side redis = new Side(peer, peerPort, new Figures());
      for (Side side : List.of(mayfly, redis)) {
        RespLoad.awaitAnswer(side.port());
      }
      if (tables.contains("throughput")) {
        RedisBenchmark.measure(WORKS, mayfly, redis, ROUNDS);
        RedisBenchmark.print(WORKS, mayfly, redis, "mayfly", "Redis", ROUNDS);
      }
      if (tables.contains("tail")) {
        tail(mayfly, redis);
      }
    }
    if (tables.contains("ceiling")) {
      ceiling();
    }
    if (tables.contains("memory")) {
      memory();
    }
  }

  /** What the client and the system allow: a server that does nothing, beside Redis. */
  private static void ceiling() throws IOException, InterruptedException {
    int port = Program.freePort();
    int peerPort = Program.freePort();
    List<String> options = List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx64m");
    try (Program server = Program.start(Program.java(options, BareResp.class, "" + port));
        Program peer = Program.start(redis(peerPort))) {
      Side bare = new Side(server, port, new Figures());
      Side redis = new Side(peer, peerPort, new Figures());
      for (Side side : List.of(bare, redis)) {
        RespLoad.awaitAnswer(side.port());
      }
      RedisBenchmark.measure(WORKS, bare, redis, ROUNDS);
      RedisBenchmark.print(WORKS, bare, redis, "nothing", "Redis", ROUNDS);
    }
  }

  private static List<String> mayfly(int port) throws IOException {
    List<String> command = Program.mayfly("serve", "--resp", "127.0.0.1:" + port);
    for (String door : List.of("grpc", "http", "counter", "monitor")) {
      command.addAll(List.of("--" + door, "127.0.0.1:" + Program.freePort()));
    }
    return command;
  }

  private static List<String> redis(int port) {
    return List.of(
        "redis-server",
        "--port",
        "" + port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no");
  }

  private static void tail(Side mayfly, Side redis) throws IOException, InterruptedException {
    for (Side side : List.of(mayfly, redis)) {
      RespLoad.fill(side.port(), KEYS);
    }
    Work most = WORKS.getFirst();
    RedisBenchmark.run(most, redis);
    Figures greatest = new Figures();
    greatest.add(RedisBenchmark.run(most, redis));
    double rate = greatest.median(most.rate()) / 2;
    for (int round = 0; round < TAIL_WARM_UPS; round++) {
      for (Side side : List.of(mayfly, redis)) {
        RespLoad.paced(side.port(), KEYS, rate, SECONDS);
      }
    }
    for (int round = 0; round < TAIL_ROUNDS; round++) {
      for (Side side : List.of(mayfly, redis)) {
        var times = RespLoad.paced(side.port(), KEYS, rate, SECONDS);
        side.figures().add(Map.of("tail", times.getValueAtPercentile(PERCENTILE) / 1e6));
      }
    }
    System.out.printf(Locale.ROOT, "%nGET paced at %.0f a second, P=1%n%n", rate);
    System.out.println("| | mayfly | Redis | ratio | budget |\n|---|---|---|---|---|");
    System.out.printf(
        Locale.ROOT,
        "| p99.9, ms | %.2f | %.2f | %.2fx | 1.0x |%n",
        mayfly.figures().median("tail"),
        redis.figures().median("tail"),
        mayfly.figures().ratio("tail", redis.figures(), "tail"));
  }

  private static void memory() throws IOException {
    double ours;
    int port = Program.freePort();
    try (Program server = Program.start(mayfly(port))) {
      ours = grown(server, port);
    }
    double theirs;
    port = Program.freePort();
    try (Program peer = Program.start(redis(port))) {
      theirs = grown(peer, port);
    }
    System.out.printf(Locale.ROOT, "%nResident bytes of %d entries with a lifespan%n%n", ENTRIES);
    System.out.println("| | mayfly | Redis | ratio | budget |\n|---|---|---|---|---|");
    System.out.printf(
        Locale.ROOT,
        "| bytes an entry | %.1f | %.1f | %.2fx | 0.65x |%n",
        ours,
        theirs,
        ours / theirs);
  }

  private static double grown(Program program, int port) throws IOException {
    RespLoad.awaitAnswer(port);
    LockSupport.parkNanos(SETTLE_NANOS);
    long idle = program.residentBytes();
    RespLoad.fill(port, ENTRIES);
    LockSupport.parkNanos(SETTLE_NANOS);
    return (double) (program.residentBytes() - idle) / ENTRIES;
  }
}
