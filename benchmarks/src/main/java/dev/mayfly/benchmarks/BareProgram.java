package dev.mayfly.benchmarks;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The least that a JVM does: ends at once, or answers HTTP with an empty body on a port. */
public final class BareProgram {
  private BareProgram() {}

  /** Arguments: none, or a port. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      System.out.println("ok");
      return;
    }
    InetAddress loopback = InetAddress.getLoopbackAddress();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(loopback, Integer.parseInt(args[0])), 0);
    server.createContext("/", exchange -> exchange.sendResponseHeaders(200, -1));
    server.start();
  }
}
