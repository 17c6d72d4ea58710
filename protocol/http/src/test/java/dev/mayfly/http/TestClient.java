package dev.mayfly.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One plain connection that says exactly what a test wants said. Confined to one thread. */
final class TestClient implements AutoCloseable {
  private static final int SILENCE_MILLIS_MAX = 20_000;

  private final Socket socket;
  private final InputStream in;
  private int chunkLeft;

  private TestClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(SILENCE_MILLIS_MAX);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static TestClient connect(int port) {
    try {
      return new TestClient(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One whose system keeps little of what it has not read. */
  static TestClient connectNarrow(int port) {
    try {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(16 << 10);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return new TestClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestReply ask(String method, String target, String... fields) {
    write(head(method, target, fields) + "\r\n");
    return read(method);
  }

  TestReply send(String method, String target, byte[] body, String... fields) {
    write(head(method, target, fields) + "Content-Length: " + body.length + "\r\n\r\n");
    write(body);
    return read(method);
  }

  static String head(String method, String target, String... fields) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: test\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head.toString();
  }

  void write(String text) {
    write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one reply. */
  TestReply read(String method) {
    try {
      String status = line();
      Map<String, String> fields = new HashMap<>();
      fields(fields);
      int code = Integer.parseInt(status.split(" ", 3)[1]);
      boolean empty = method.equals("HEAD") || code == 304 || code < 200;
      return new TestReply(code, fields, empty ? new byte[0] : body(fields));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the head of a reply, passing over interim ones; returns the status. */
  int readHead(Map<String, String> into) {
    try {
      int status;
      do {
        into.clear();
        status = Integer.parseInt(line().split(" ", 3)[1]);
        fields(into);
      } while (status < 200);
      return status;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line of a body that comes in chunks, which end anywhere. */
  String chunkedLine() {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (true) {
        if (chunkLeft == 0) {
          chunkLeft = Integer.parseInt(line(), 16);
          if (chunkLeft == 0) {
            throw new EOFException("the body ended");
          }
        }
        int b = in.read();
        if (--chunkLeft == 0) {
          line();
        }
        if (b == '\n') {
          return line.toString(StandardCharsets.UTF_8);
        }
        line.write(b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] body(Map<String, String> fields) throws IOException {
    if ("chunked".equals(fields.get("transfer-encoding"))) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      int length = Integer.parseInt(line(), 16);
      while (length > 0) {
        body.write(in.readNBytes(length));
        line();
        length = Integer.parseInt(line(), 16);
      }
      fields(fields);
      return body.toByteArray();
    }
    String length = fields.get("content-length");
    return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
  }

  private void fields(Map<String, String> into) throws IOException {
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      into.put(name, line.substring(colon + 1).strip());
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the server ended the connection, after whatever it still had to say. */
  boolean isEnded() {
    try {
      in.readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
