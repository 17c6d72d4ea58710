package dev.mayfly.client;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens: a host and port, or a unix socket.
 *
 * <p>Immutable; safe for concurrent use.
 */
public sealed interface ServerAddress {
  /** The port of the http door unless it is told otherwise. */
  int DEFAULT_PORT = 8080;

  /** The http door of a server on this machine with its default address. */
  ServerAddress DEFAULT = new Tcp("127.0.0.1", DEFAULT_PORT);

  /**
   * A TCP address.
   *
   * @param host a name or an address without brackets, not empty
   * @param port 1 to 65535
   */
  record Tcp(String host, int port) implements ServerAddress {
    @Override
    public String toString() {
      return authority();
    }

    @Override
    public String authority() {
      return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /** A unix socket, which need not exist yet. */
  record Unix(Path path) implements ServerAddress {
    @Override
    public String toString() {
      return "unix://" + path;
    }

    @Override
    public String authority() {
      return "localhost";
    }
  }

  /** What the {@code Host} header of a request to this address says. */
  String authority();

  /**
   * Reads {@code host:port}, {@code host}, {@code :port} (this machine), {@code [::1]:port}, {@code
   * unix:///path}, or the first forms after {@code http://}.
   *
   * @throws IllegalArgumentException with a message for the user, if it is none of them
   */
  static ServerAddress parse(String text) {
    return parse(text, DEFAULT_PORT);
  }

  /**
   * Reads the same with another port where none is said.
   *
   * @throws IllegalArgumentException with a message for the user, if it is none of the forms
   */
  static ServerAddress parse(String text, int portDefault) {
    if (text.startsWith("unix://")) {
      return unix(text);
    }
    if (text.startsWith("https://")) {
      throw invalid(text, "expected host:port, and --tls");
    }
    String rest = text.startsWith("http://") ? text.substring("http://".length()) : text;
    if (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    int portAt = rest.startsWith("[") ? rest.indexOf(']') + 1 : rest.indexOf(':');
    if (portAt < 0) {
      portAt = rest.length();
    }
    String host = rest.substring(0, portAt);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (rest.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || "/[]@?#".indexOf(c) >= 0)) {
      throw invalid(text, "expected host:port or unix:///path");
    }
    return new Tcp(
        host.isEmpty() ? "127.0.0.1" : host, port(text, rest.substring(portAt), portDefault));
  }

  private static ServerAddress unix(String text) {
    String path = text.substring("unix://".length());
    if (path.isEmpty()) {
      throw invalid(text, "expected unix:///path");
    }
    try {
      return new Unix(Path.of(path));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("invalid address '" + text + "': " + e.getReason(), e);
    }
  }

  private static int port(String text, String colonAndPort, int portDefault) {
    if (colonAndPort.isEmpty()) {
      return portDefault;
    }
    try {
      int port = Integer.parseInt(colonAndPort, 1, colonAndPort.length(), 10);
      boolean isPlain = colonAndPort.charAt(0) == ':' && Character.isDigit(colonAndPort.charAt(1));
      if (isPlain && port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw portOutOfRange(text, e);
    }
    throw portOutOfRange(text, null);
  }

  private static IllegalArgumentException portOutOfRange(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "invalid address '" + text + "': expected a port from 1 to 65535", cause);
  }

  private static IllegalArgumentException invalid(String text, String expected) {
    return new IllegalArgumentException("invalid address '" + text + "': " + expected);
  }
}
