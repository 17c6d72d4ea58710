package dev.mayfly.resp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that shows replies as they are, with spaces for line ends. */
final class RespClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  RespClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a command of words parted by spaces, and waits for the reply. */
  String ask(String command) {
    send(encode(command.split(" ", -1)));
    return reply();
  }

  static byte[] encode(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(utf8("*" + words.length + "\r\n"));
    for (String word : words) {
      byte[] bytes = utf8(word);
      out.writeBytes(utf8("$" + bytes.length + "\r\n"));
      out.writeBytes(bytes);
      out.writeBytes(utf8("\r\n"));
    }
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says that nothing more comes; replies still may. */
  void end() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next reply, or {@code closed}. */
  String reply() {
    try {
      return read();
    } catch (EOFException e) {
      return "closed";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read() throws IOException {
    String line = line();
    int count = "*>%~$".indexOf(line.charAt(0)) >= 0 ? Integer.parseInt(line.substring(1)) : 0;
    StringBuilder all = new StringBuilder(line);
    if (line.charAt(0) == '$' || line.charAt(0) == '=') {
      int length = Integer.parseInt(line.substring(1));
      if (length >= 0) {
        byte[] value = in.readNBytes(length + 2);
        all.append(' ').append(new String(value, 0, length, StandardCharsets.UTF_8));
      }
      return all.toString();
    }
    for (int i = 0; i < (line.charAt(0) == '%' ? 2 * count : count); i++) {
      all.append(' ').append(read());
    }
    return all.toString();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
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
