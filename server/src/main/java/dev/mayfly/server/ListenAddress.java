package dev.mayfly.server;

import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a door listens: a TCP address, a unix socket, or nowhere.
 *
 * <p>Text forms: {@code host:port}, {@code host} (the door's default port), {@code :port} (all
 * interfaces), {@code [::1]:port} for IPv6, {@code unix:///path}, {@code off}. Port 0 asks the
 * system for a free port. {@code toString} gives a form that {@link #parse} reads back.
 *
 * <p>Immutable; nothing here resolves a name or touches the file system.
 */
public sealed interface ListenAddress {

  /** All interfaces if {@code host} is empty; an IPv6 literal is kept without brackets. */
  record Tcp(String host, int port) implements ListenAddress {
    @Override
    public boolean isLoopback() {
      String name = host.toLowerCase(Locale.ROOT);
      if (name.equals("localhost") || name.endsWith(".localhost")) {
        return true;
      }
      if (isIpv4(name)) {
        return name.startsWith("127.");
      }
      return isIpv6(name) && InetAddress.ofLiteral(name).isLoopbackAddress();
    }

    /** Whether it stands for all interfaces, and is nothing to connect to. */
    boolean isEverywhere() {
      return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
    }

    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** A unix domain socket. */
  record Unix(Path path) implements ListenAddress {
    @Override
    public boolean isLoopback() {
      return true;
    }

    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /** The door stays closed. */
  record Off() implements ListenAddress {
    @Override
    public boolean isLoopback() {
      return true;
    }

    @Override
    public String toString() {
      return "off";
    }
  }

  /** Whether nobody on another machine can connect: loopback, a unix socket, or off. */
  boolean isLoopback();

  /**
   * Reads an address.
   *
   * @param defaultPort used where the text has no port
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  static ListenAddress parse(String text, int defaultPort) {
    if (text.equals("off")) {
      return new Off();
    }
    return text.startsWith("unix:") ? unix(text) : tcp(text, defaultPort);
  }

  private static Unix unix(String text) {
    String path = text.startsWith("unix://") ? text.substring("unix://".length()) : "";
    if (!path.startsWith("/") || path.length() == 1) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a unix socket: expected unix:///path");
    }
    try {
      return new Unix(Path.of(path));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
    }
  }

  private static Tcp tcp(String text, int defaultPort) {
    if (text.contains("//")) {
      throw invalid(text, "an address is not a URL");
    }
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      String host = close < 0 ? "" : text.substring(1, close);
      if (!isIpv6(host)) {
        throw invalid(text, "an IPv6 address is written as [::1]:8080");
      }
      String rest = text.substring(close + 1);
      if (!rest.isEmpty() && rest.charAt(0) != ':') {
        throw invalid(text, "after ']' only ':port' may follow");
      }
      return new Tcp(host, rest.isEmpty() ? defaultPort : port(text, rest.substring(1)));
    }
    int colon = text.indexOf(':');
    if (colon != text.lastIndexOf(':')) {
      throw invalid(text, "an IPv6 address is written as [::1]:8080");
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    if (colon < 0 && !host.isEmpty() && host.chars().allMatch(ListenAddress::isDigit)) {
      throw invalid(text, "a port alone is written as ':" + text + "'");
    }
    requireHost(text, host, colon == 0);
    return new Tcp(host, colon < 0 ? defaultPort : port(text, text.substring(colon + 1)));
  }

  private static void requireHost(String text, String host, boolean emptyAllowed) {
    if (host.isEmpty() && !emptyAllowed) {
      throw invalid(text, "expected host:port, :port, unix:///path or off");
    }
    boolean nameLike =
        host.chars().allMatch(c -> isDigit(c) || isLetter(c) || ".-_".indexOf(c) >= 0);
    if (!nameLike || host.length() > 253) {
      throw invalid(text, "not a host name or an address");
    }
    boolean numeric = !host.isEmpty() && host.chars().allMatch(c -> isDigit(c) || c == '.');
    if (numeric && !isIpv4(host)) {
      throw invalid(text, "not an IPv4 address");
    }
  }

  private static int port(String text, String digits) {
    boolean plain = digits.length() <= 5 && digits.chars().allMatch(ListenAddress::isDigit);
    int port = plain && !digits.isEmpty() ? Integer.parseInt(digits) : -1;
    if (port < 0 || port > 65535) {
      throw invalid(text, "a port is a number from 0 to 65535");
    }
    return port;
  }

  private static boolean isIpv6(String host) {
    try {
      return host.indexOf(':') >= 0 && InetAddress.ofLiteral(host) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** By hand, since the class that knows addresses is slow to load, and the defaults are these. */
  private static boolean isIpv4(String host) {
    int octets = 1;
    int digits = 0;
    int value = 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (isDigit(c) && digits < 3) {
        digits++;
        value = value * 10 + c - '0';
      } else if (c == '.' && digits > 0) {
        octets++;
        digits = 0;
        value = 0;
      } else {
        return false;
      }
      if (value > 255) {
        return false;
      }
    }
    return octets == 4 && digits > 0;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static IllegalArgumentException invalid(String text, String why) {
    return new IllegalArgumentException("'" + text + "' is not an address: " + why);
  }
}
