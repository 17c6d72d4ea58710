package dev.mayfly.it;

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

/** A balancer in a process of its own, on free ports, ready when it is made. */
final class BalancerFixture implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile("^ *(connections|datagrams|monitor) .*127\\.0\\.0\\.1:(\\d+)");
  private static final String FREE_PORT = "127.0.0.1:0";

  private final MayflyProcess process;
  private int port;
  private int udpPort;
  private int monitorPort;

  private BalancerFixture(MayflyProcess process) {
    this.process = process;
  }

  static BalancerFixture start(Path folder, String... options) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("balance", "--listen", FREE_PORT, "--monitor", FREE_PORT));
    words.addAll(List.of("--health-interval", "200ms"));
    words.addAll(List.of(options));
    BalancerFixture balancer =
        new BalancerFixture(MayflyProcess.start(folder, Map.of(), words.toArray(String[]::new)));
    balancer.awaitReady();
    return balancer;
  }

  private void awaitReady() throws IOException {
    BufferedReader output = process.output();
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); !"ready".equals(line); line = output.readLine()) {
      if (line == null) {
        process.close();
        throw new AssertionError("the balancer did not start:\n" + seen + process.err());
      }
      seen.append(line).append('\n');
      Matcher found = LINE.matcher(line);
      if (found.find()) {
        int number = Integer.parseInt(found.group(2));
        switch (found.group(1)) {
          case "connections" -> port = number;
          case "datagrams" -> udpPort = number;
          default -> monitorPort = number;
        }
      }
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  int udpPort() {
    return udpPort;
  }

  /** Asks the monitor; answers head and body. */
  String monitor(String method, String target) throws IOException {
    return RawHttp.ask(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), monitorPort), method, target);
  }

  /** The connections that a backend has taken; -1 while it is unknown. */
  long hits(String backend) throws IOException {
    Matcher found =
        Pattern.compile(
                "^mayfly_balancer_backend_hits_total\\{backend=\""
                    + Pattern.quote(backend)
                    + "\"} (\\d+)$",
                Pattern.MULTILINE)
            .matcher(monitor("GET", "/metrics"));
    return found.find() ? Long.parseLong(found.group(1)) : -1;
  }

  /** Whether new connections go to a backend. */
  boolean isUp(String backend) throws IOException {
    return monitor("GET", "/metrics")
        .contains("mayfly_balancer_backend_up{backend=\"" + backend + "\"} 1\n");
  }

  MayflyProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
