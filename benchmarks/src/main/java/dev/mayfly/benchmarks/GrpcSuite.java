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
  private static final int SECONDS = Integer.getInteger("mayfly.bench.seconds", 5);
  private static final int WARM_UP_SECONDS = 10;
  private static final Pattern SUCCEEDED = Pattern.compile("(\\d+) succeeded, (\\d+) failed");
  private static final List<String> BARE_OPTIONS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseSerialGC",
          "-Xms16m",
          "-Xmx512m");

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
    ByteString value = ByteString.copyFromUtf8("v".repeat(64));
    Path key = body(Key.newBuilder().setKey("key").build());
    Path entry = body(KeyValue.newBuilder().setKey("key").setValue(value).build());
    Path nothing = body(com.google.protobuf.Empty.getDefaultInstance());
    try (Program server = Program.start(serve(port, http));
        Program peer =
            Program.start(Program.java(BARE_OPTIONS, BareGrpc.class, String.valueOf(barePort)))) {
      server.awaitAnswer(http, "/healthcheck");
      h2load(server, port, "keyquarry.KeyQuarry/Set", entry, WARM_UP_SECONDS);
      h2load(server, port, "keyquarry.KeyQuarry/Get", key, WARM_UP_SECONDS);
      h2load(peer, barePort, BareGrpc.METHOD, nothing, WARM_UP_SECONDS);
      for (int round = 0; round < ROUNDS; round++) {
        empty.add(h2load(peer, barePort, BareGrpc.METHOD, nothing, SECONDS));
        get.add(h2load(server, port, "keyquarry.KeyQuarry/Get", key, SECONDS));
        set.add(h2load(server, port, "keyquarry.KeyQuarry/Set", entry, SECONDS));
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

  private static Map<String, Double> h2load(
      Program server, int port, String method, Path body, int seconds)
      throws IOException, InterruptedException {
    long before = server.cpuNanos();
    Process h2load =
        new ProcessBuilder(
                "h2load",
                "-t1",
                "-c10",
                "-m20",
                "-D" + seconds,
                "-d" + body,
                "-Hcontent-type: application/grpc",
                "-Hte: trailers",
                "-Hclient_id: bench",
                "http://127.0.0.1:" + port + "/" + method)
            .redirectErrorStream(true)
            .start();
    String report = new String(h2load.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher found = SUCCEEDED.matcher(report);
    if (h2load.waitFor() != 0 || !found.find() || !found.group(2).equals("0")) {
      throw new IllegalStateException("h2load failed: " + report);
    }
    double calls = Double.parseDouble(found.group(1));
    return Map.of("rate", calls / seconds, "cpu", (server.cpuNanos() - before) / 1e3 / calls);
  }
}
