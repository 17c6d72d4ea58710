package dev.mayfly.balancer;

/**
 * A host, by name or literal address without brackets, and a port.
 *
 * <p>Immutable; nothing here resolves a name.
 */
public record HostPort(String host, int port) {
  private static final int PORT_MAX = 65535;

  /**
   * Reads {@code host:port}, {@code :port} (all interfaces: an empty host) or {@code [::1]:port}.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw invalid(text, "expected HOST:PORT");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw invalid(text, "an IPv6 address is written as [::1]:8080");
    }
    if (host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '[' || c == ']')) {
      throw invalid(text, "not a host name or an address");
    }
    return new HostPort(host, port(text, text.substring(colon + 1)));
  }

  private static int port(String text, String digits) {
    boolean plain =
        !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> isDigit(c));
    int port = plain ? Integer.parseInt(digits) : PORT_MAX + 1;
    if (port > PORT_MAX) {
      throw invalid(text, "a port is a number from 0 to 65535");
    }
    return port;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException invalid(String text, String why) {
    return new IllegalArgumentException("'" + text + "' is not an address: " + why);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
