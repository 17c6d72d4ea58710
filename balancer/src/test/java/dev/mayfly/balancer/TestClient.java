package dev.mayfly.balancer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;

/** A client of a balancer that speaks in lines. Owns its connection; confined to one thread. */
final class TestClient implements Closeable {
  private final Socket socket;
  private final BufferedReader in;

  TestClient(Balancer balancer) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), balancer.address().port());
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  /** The first line that a new client is sent. */
  static String greeting(Balancer balancer) throws IOException {
    try (TestClient client = new TestClient(balancer)) {
      return client.line();
    }
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  /** The next line; "end" or "break" where there is none. */
  String line() {
    try {
      String line = in.readLine();
      return line == null ? "end" : line;
    } catch (IOException broken) {
      return "break";
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
