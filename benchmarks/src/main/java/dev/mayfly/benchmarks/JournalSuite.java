package dev.mayfly.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What it costs to keep the store on disk: a relaxed log beside none, a strict one beside
 * redis-server with {@code appendfsync always} on the same disk, a snapshot beside paced reads, and
 * a start with a snapshot and changes.
 */
public final class JournalSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 5);
  private static final int ENTRIES = Integer.getInteger("mayfly.bench.entries", 1_000_000);
  private static final int CHANGES = Integer.getInteger("mayfly.bench.changes", 100_000);
  private static final int SECONDS = Integer.getInteger("mayfly.bench.seconds", 10);
  private static final int RATE = Integer.getInteger("mayfly.bench.rate", 10_000);

  /** Beside this, so that both have the same disk. */
  private static final Path FOLDER =
      Path.of(System.getProperty("mayfly.bench.folder", "benchmarks/target"));

  private static final int KEYS = 100_000;
  private static final int RELAXED_REQUESTS = 1_600_000;
  private static final int STRICT_REQUESTS = 100_000;
  private static final int WARMING_REQUESTS = 1_600_000;
  private static final long SETTLE_NANOS = 3_000_000_000L;
  private static final double PERCENTILE = 99;
  private static final double RELAXED_SHARE_MIN = 0.85;
  private static final double SNAPSHOT_SECONDS_MAX = 6;
  private static final double TAIL_MAX = 2;
  private static final double START_SECONDS_MAX = 5;

  private final Verdicts verdicts = new Verdicts();
  private final Path folder;

  private JournalSuite(Path folder) {
    this.folder = folder;
  }

  /** The parts wanted: relaxed, strict, snapshot; none: all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> parts =
        args.length == 0 ? List.of("relaxed", "strict", "snapshot") : List.of(args);
    Path folder = Files.createTempDirectory(Files.createDirectories(FOLDER), "journal");
    try {
      JournalSuite suite = new JournalSuite(folder.toAbsolutePath());
      for (String part : parts) {
        switch (part) {
          case "relaxed" -> suite.relaxed();
          case "strict" -> suite.strict();
          case "snapshot" -> suite.snapshot();
          default -> throw new IllegalArgumentException("no part '" + part + "'");
        }
      }
      suite.verdicts.print();
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static List<String> mayfly(int port, int http, String... more) {
    List<String> command = Program.mayfly("serve", "--resp", "127.0.0.1:" + port);
    command.addAll(List.of("--http", http == 0 ? "off" : "127.0.0.1:" + http));
    for (String door : List.of("grpc", "counter", "monitor")) {
      command.addAll(List.of("--" + door, "off"));
    }
    command.addAll(List.of(more));
    return command;
  }

  private String data(String name) {
    return folder.resolve(name).toString();
  }

  private void relaxed() throws IOException, InterruptedException {
    int port = Program.freePort();
    int barePort = Program.freePort();
    Figures figures = new Figures();
    try (Program kept = Program.start(mayfly(port, 0, "--data", data("relaxed")));
        Program bare = Program.start(mayfly(barePort, 0))) {
      kept.awaitResp(port);
      bare.awaitResp(barePort);
      for (int round = -2; round < ROUNDS; round++) {
        double on = rate(port, 16, RELAXED_REQUESTS);
        double off = rate(barePort, 16, RELAXED_REQUESTS);
        if (round >= 0) {
          figures.add(Map.of("on", on, "off", off));
        }
      }
    }
    verdicts.atLeast(
        "SET P=16, relaxed to off",
        figures.ratio("on", figures, "off"),
        "off: %.0f a second".formatted(figures.median("off")),
        RELAXED_SHARE_MIN);
  }

  private void strict() throws IOException, InterruptedException {
    int port = Program.freePort();
    int peerPort = Program.freePort();
    Path aof = Files.createDirectories(folder.resolve("redis"));
    List<String> redis =
        List.of(
            "redis-server",
            "--port",
            "" + peerPort,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            aof.toString(),
            "--appendonly",
            "yes",
            "--appendfsync",
            "always");
    List<String> mayfly = mayfly(port, 0, "--data", data("strict"), "--durability", "strict");
    try (Program ours = Program.start(mayfly);
        Program theirs = Program.start(redis)) {
      ours.awaitResp(port);
      theirs.awaitResp(peerPort);
      // At the pace of a disk, what compiles hot code would take minutes to see that it is.
      rate(port, 16, WARMING_REQUESTS);
      rate(peerPort, 16, WARMING_REQUESTS);
      for (int pipeline : new int[] {1, 16}) {
        Figures figures = new Figures();
        int requests = pipeline == 1 ? STRICT_REQUESTS : STRICT_REQUESTS * pipeline / 4;
        for (int round = -1; round < ROUNDS; round++) {
          double own = rate(port, pipeline, requests);
          double peer = rate(peerPort, pipeline, requests);
          if (round >= 0) {
            figures.add(Map.of("own", own, "peer", peer));
          }
        }
        verdicts.atLeast(
            "SET P=%d, 50 connections, strict on SQLite to Redis".formatted(pipeline),
            figures.ratio("own", figures, "peer"),
            "Redis, appendfsync always: %.0f a second".formatted(figures.median("peer")),
            1);
      }
    }
  }

  private static double rate(int port, int pipeline, int requests)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("redis-benchmark", "-p", "" + port));
    command.addAll(List.of("-c", "50", "-d", "64", "-r", "" + KEYS, "--csv", "-t", "set"));
    command.addAll(List.of("-n", "" + requests, "-P", "" + pipeline));
    Process benchmark = new ProcessBuilder(command).redirectErrorStream(true).start();
    String report = new String(benchmark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (benchmark.waitFor() != 0) {
      throw new IllegalStateException("redis-benchmark failed: " + report);
    }
    String[] columns = report.strip().lines().reduce((a, b) -> b).orElseThrow().split("\",\"", -1);
    return Double.parseDouble(columns[1]);
  }

  private void snapshot() throws IOException, InterruptedException {
    int port = Program.freePort();
    int http = Program.freePort();
    List<String> command =
        mayfly(port, http, "--data", data("snapshot"), "--snapshot-interval", "0");
    Program server = Program.start(command);
    try {
      server.awaitResp(port);
      RespLoad.fill(port, ENTRIES);
      LockSupport.parkNanos(SETTLE_NANOS);
      RespLoad.paced(port, ENTRIES, RATE, SECONDS);
      Figures figures = new Figures();
      for (int round = 0; round < ROUNDS; round++) {
        double before = p99(RespLoad.paced(port, ENTRIES, RATE, SECONDS));
        RespLoad.fill(port, 1);
        CompletableFuture<Double> made = CompletableFuture.supplyAsync(() -> makeSnapshot(http));
        Histogram meanwhile = RespLoad.paced(port, ENTRIES, RATE, 1);
        while (!made.isDone()) {
          meanwhile.add(RespLoad.paced(port, ENTRIES, RATE, 1));
        }
        figures.add(Map.of("before", before, "meanwhile", p99(meanwhile), "seconds", made.join()));
      }
      verdicts.atMost(
          "seconds for a snapshot of %d entries".formatted(ENTRIES),
          figures.median("seconds"),
          "-",
          SNAPSHOT_SECONDS_MAX);
      verdicts.atMost(
          "p99 of GET meanwhile to before",
          figures.ratio("meanwhile", figures, "before"),
          String.format(Locale.ROOT, "before: %.2f ms", figures.median("before")),
          TAIL_MAX);
      RespLoad.fill(port, CHANGES);
      LockSupport.parkNanos(SETTLE_NANOS);
    } finally {
      server.kill();
    }
    start(command, port);
  }

  private static double p99(Histogram times) {
    return times.getValueAtPercentile(PERCENTILE) / 1e6;
  }

  private static double makeSnapshot(int port) {
    URI uri = URI.create("http://127.0.0.1:%d/v1/snapshots".formatted(port));
    long start = Clock.nanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build();
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status / 100 != 2) {
        throw new IllegalStateException("the snapshot was answered with " + status);
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
    return (Clock.nanos() - start) / 1e9;
  }

  private void start(List<String> command, int port) throws IOException, InterruptedException {
    Figures figures = new Figures();
    for (int round = 0; round < ROUNDS; round++) {
      long begin = Clock.nanos();
      Program server = Program.start(command);
      try {
        server.awaitResp(port);
        figures.add(Map.of("seconds", (Clock.nanos() - begin) / 1e9));
      } finally {
        server.kill();
      }
    }
    verdicts.atMost(
        "seconds to start with %d entries and %d changes".formatted(ENTRIES, CHANGES),
        figures.median("seconds"),
        "-",
        START_SECONDS_MAX);
  }
}
