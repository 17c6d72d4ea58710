package dev.mayfly.benchmarks;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyValue;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grpc door beside an empty grpc-java server: the processor time of Get and Set under h2load,
 * 10 connections of 20 streams; and how watchers fare ({@link GrpcWatchers}). Rounds take turns.
 */
public final class GrpcSuite {
  private static final int ROUNDS = Integer.getInteger("mayfly.bench.rounds", 5);
  private static final int CALLS = Integer.getInteger("mayfly.bench.calls", 100_000);

  /** Calls, not seconds: on a busy machine as well, everything is compiled after them. */
  private static final int WARM_UP_CALLS = Integer.getInteger("mayfly.bench.warmup", 250_000);

  private static final int CONNECTIONS = 10;
  private static final Pattern RATE = Pattern.compile(", ([0-9.]+) req/s");

  private GrpcSuite() {}

  /** Arguments: the parts wanted, of calls and watchers; none: both. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> parts = args.length == 0 ? List.of("calls", "watchers") : List.of(args);
    if (parts.contains("calls")) {
      calls();
    }
    if (parts.contains("watchers")) {
      GrpcWatchers.print();
    }
  }

  /** The command that serves with the grpc door on this port, and http on another. */
  static List<String> serve(int grpcPort, int httpPort) {
    return Program.mayfly(
        "serve",
        "--http",
        "127.0.0.1:" + httpPort,
        "--grpc",
        "127.0.0.1:" + grpcPort,
        "--resp",
        "off",
        "--counter",
        "off",
        "--monitor",
        "off");
  }

  private static void calls() throws IOException, InterruptedException {
    int http = Program.freePort();
    int port = Program.freePort();
    int barePort = Program.freePort();
    Figures empty = new Figures();
    Figures get = new Figures();
    Figures set = new Figures();
    List<Path> key = List.of(body(Key.newBuilder().setKey("key").build()));
    // Two values by turns, or nothing would ever change.
    List<Path> entry = List.of(entry("v"), entry("w"));
    List<Path> nothing = List.of(body(com.google.protobuf.Empty.getDefaultInstance()));
    try (Program server = Program.start(serve(port, http));
        Program peer =
            Program.start(
                Program.java(ServerJvm.options(), BareGrpc.class, String.valueOf(barePort)))) {
      server.awaitAnswer(http, "/healthcheck");
      h2load(server, port, "keyquarry.KeyQuarry/Set", entry, WARM_UP_CALLS);
      h2load(server, port, "keyquarry.KeyQuarry/Get", key, WARM_UP_CALLS);
      h2load(peer, barePort, BareGrpc.METHOD, nothing, WARM_UP_CALLS);
      for (int round = 0; round < ROUNDS; round++) {
        empty.add(h2load(peer, barePort, BareGrpc.METHOD, nothing, CALLS));
        get.add(h2load(server, port, "keyquarry.KeyQuarry/Get", key, CALLS));
        set.add(h2load(server, port, "keyquarry.KeyQuarry/Set", entry, CALLS));
      }
    }
    System.out.printf(
        Locale.ROOT, "%nValues of 64 bytes, medians of %d rounds; cpu in microseconds%n%n", ROUNDS);
    System.out.println("| | cpu a call | to an empty call | budget | calls a second |");
    System.out.println("|---|---|---|---|---|");
    row("empty, bare grpc-java", empty, empty, "");
    row("Get", get, empty, "1.35x");
    row("Set", set, empty, "1.6x");
  }

  private static void row(String name, Figures figures, Figures empty, String budget) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2fx | %s | %.0f |%n",
        name,
        figures.median("cpu"),
        figures.ratio("cpu", empty, "cpu"),
        budget,
        figures.median("rate"));
  }

  private static Path entry(String letter) throws IOException {
    ByteString value = ByteString.copyFromUtf8(letter.repeat(64));
    return body(KeyValue.newBuilder().setKey("key").setValue(value).build());
  }

  /** A file with a message as it goes over the wire. */
  private static Path body(MessageLite message) throws IOException {
    Path file = Files.createTempFile("mayfly-bench", ".grpc");
    file.toFile().deleteOnExit();
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      out.writeByte(0);
      out.writeInt(message.getSerializedSize());
      message.writeTo(out);
    }
    return file;
  }

  /** Calls with each of these requests at once, over as many connections in all. */
  private static Map<String, Double> h2load(
      Program server, int port, String method, List<Path> bodies, int calls)
      throws IOException, InterruptedException {
    long before = server.cpuNanos();
    List<Process> running = new ArrayList<>();
    for (Path body : bodies) {
      running.add(
          new ProcessBuilder(
                  "h2load",
                  "-t1",
                  "-c" + CONNECTIONS / bodies.size(),
                  "-m20",
                  "-n" + calls / bodies.size(),
                  "-d" + body,
                  "-Hcontent-type: application/grpc",
                  "-Hte: trailers",
                  "-Hclient_id: bench",
                  "http://127.0.0.1:" + port + "/" + method)
              .redirectErrorStream(true)
              .start());
    }
    double rate = 0;
    for (Process h2load : running) {
      String report = new String(h2load.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher found = RATE.matcher(report);
      if (h2load.waitFor() != 0 || !found.find() || !report.contains(", 0 failed,")) {
        throw new IllegalStateException("h2load failed: " + report);
      }
      rate += Double.parseDouble(found.group(1));
    }
    return Map.of("rate", rate, "cpu", (server.cpuNanos() - before) / 1e3 / calls);
  }
}
