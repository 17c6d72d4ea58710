package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A connection on which any bytes can be sent, right or wrong. */
final class RawHttp implements AutoCloseable {
  private static final int SILENCE_MILLIS = 60_000;

  private final Socket socket;

  RawHttp(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(SILENCE_MILLIS);
  }

  /** One request on a connection of its own; answers head and body as they came. */
  static String ask(InetSocketAddress address, String method, String target, String... more)
      throws IOException {
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: x\r\n");
    request.append("Connection: close\r\n");
    String body = "";
    for (String line : more) {
      if (line.contains(": ")) {
        request.append(line).append("\r\n");
      } else {
        body = line;
        request.append("Content-Length: ").append(body.getBytes(UTF_8).length).append("\r\n");
      }
    }
    try (RawHttp connection = new RawHttp(address)) {
      connection.send(request.append("\r\n").append(body).toString().getBytes(UTF_8));
      return connection.readToEnd();
    }
  }

  void send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  /** Sends as much as the server takes; true if it took everything. */
  boolean trySend(byte[] bytes) {
    try {
      send(bytes);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  /** All bytes up to the end of the connection, or to its reset. */
  String readToEnd() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] piece = new byte[8192];
    try {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        bytes.write(piece, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException reset) {
      return bytes.toString(ISO_8859_1);
    }
    return bytes.toString(UTF_8);
  }

  /** The status line of the next reply; empty if the connection ends first. */
  String statusLine() throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
