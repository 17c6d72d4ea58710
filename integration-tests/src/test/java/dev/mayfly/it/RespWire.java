package dev.mayfly.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A client of RESP2 or RESP3 that shows replies as texts, byte for byte. It passes over
 * invalidations and messages, which come when they come. Confined to one thread.
 */
final class RespWire implements AutoCloseable {
  /**
   * A reply.
   *
   * @param text its type and value; of an array, map, set or push message, its type alone
   * @param elements of such a one, keys and values in turn; else empty
   */
  record Reply(String text, List<Reply> elements) {
    static Reply of(String text) {
      return new Reply(text, List.of());
    }

    boolean isArray() {
      return text.equals("*");
    }

    @Override
    public String toString() {
      return isArray() ? elements.toString() : elements.isEmpty() ? text : text + elements;
    }
  }

  private static final List<String> MESSAGES = List.of("$invalidate", "$message", "$pmessage");
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;

  RespWire(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a command, one char of its words a byte, and waits for the reply. */
  Reply ask(List<String> words) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes("*" + words.size() + "\r\n"));
    for (String word : words) {
      out.writeBytes(bytes("$" + word.length() + "\r\n" + word + "\r\n"));
    }
    socket.getOutputStream().write(out.toByteArray());
    Reply reply = reply();
    while (reply.text().equals(">") && MESSAGES.contains(reply.elements().getFirst().text())) {
      reply = reply();
    }
    return reply;
  }

  /** Sends bytes as they are. */
  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The next reply. */
  Reply reply() throws IOException {
    String line = line();
    int length = "$=*%~>".indexOf(line.charAt(0)) < 0 ? 0 : Integer.parseInt(line.substring(1));
    if (length < 0) {
      return Reply.of(line);
    }
    return switch (line.charAt(0)) {
      case '$', '=' -> {
        String value = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        in.skipNBytes(2);
        yield Reply.of(line.charAt(0) + value);
      }
      case '*', '~', '>' -> new Reply(line.substring(0, 1), replies(length));
      case '%' -> new Reply("%", replies(2 * length));
      default -> Reply.of(line);
    };
  }

  private List<Reply> replies(int count) throws IOException {
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replies.add(reply());
    }
    return replies;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.append((char) b);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
