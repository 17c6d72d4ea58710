package dev.mayfly.it;

import dev.mayfly.client.ClientConfig;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.ServerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, on free ports, ready when it is made. */
final class ServerFixture implements AutoCloseable {
  private static final Pattern DOOR =
      Pattern.compile("^ *(http|grpc|resp|counter|monitor) .*127\\.0\\.0\\.1:(\\d+)");

  private static final String FREE_PORT = "127.0.0.1:0";

  private final Path folder;
  private final MayflyProcess process;
  private final BufferedReader output;
  private int httpPort;
  private int grpcPort;
  private int respPort;
  private int counterPort;
  private int monitorPort;
  private String startBlock = "";

  private ServerFixture(Path folder, MayflyProcess process) {
    this.folder = folder;
    this.process = process;
    this.output = process.output();
  }

  static ServerFixture start(Path folder, String... options) throws IOException {
    return start(folder, Map.of(), options);
  }

  static ServerFixture start(Path folder, Map<String, String> environment, String... options)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "serve",
                "--http",
                FREE_PORT,
                "--grpc",
                FREE_PORT,
                "--resp",
                FREE_PORT,
                "--counter",
                FREE_PORT,
                "--monitor",
                FREE_PORT));
    words.addAll(List.of(options));
    ServerFixture server =
        new ServerFixture(
            folder, MayflyProcess.start(folder, environment, words.toArray(String[]::new)));
    server.awaitReady();
    return server;
  }

  private void awaitReady() throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); !"ready".equals(line); line = output.readLine()) {
      if (line == null) {
        process.close();
        throw new AssertionError("the server did not start:\n" + seen + process.err());
      }
      seen.append(line).append('\n');
      Matcher door = DOOR.matcher(line);
      if (door.find()) {
        int port = Integer.parseInt(door.group(2));
        switch (door.group(1)) {
          case "http" -> httpPort = port;
          case "grpc" -> grpcPort = port;
          case "resp" -> respPort = port;
          case "counter" -> counterPort = port;
          default -> monitorPort = port;
        }
      }
    }
    startBlock = seen.toString();
  }

  /** What it said when it had started, but for the last line. */
  String startBlock() {
    return startBlock;
  }

  String address() {
    return "127.0.0.1:" + httpPort;
  }

  /** The counter door, as host and port. */
  String counterAddress() {
    return "127.0.0.1:" + counterPort;
  }

  /** The grpc door, as host and port. */
  String grpc() {
    return "127.0.0.1:" + grpcPort;
  }

  /** The port of the resp door. */
  int respPort() {
    return respPort;
  }

  InetSocketAddress http() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort);
  }

  InetSocketAddress monitor() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), monitorPort);
  }

  MayflyProcess process() {
    return process;
  }

  MayflyClient client() {
    return new MayflyClient(ClientConfig.of(ServerAddress.parse(address())));
  }

  /** Starts a command against this server. */
  MayflyProcess command(String... words) throws IOException {
    return MayflyProcess.start(folder, Map.of("MAYFLY_ADDRESS", address()), words);
  }

  @Override
  public void close() {
    process.close();
  }
}
