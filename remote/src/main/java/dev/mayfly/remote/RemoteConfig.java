package dev.mayfly.remote;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which store to reach, and how. Immutable; copies with one part changed are made by the {@code
 * with…} methods.
 *
 * @param address {@code host:port}, or {@code unix:///path} for a unix socket
 * @param clientId who calls: owns locks, and is told in events
 * @param tls how the connection is secured; null: plaintext
 * @param deadline how long a call may take, waiting for a connection included; positive
 * @param callsMax how many calls may be under way at a time, at least 1; one more is refused
 * @param watchMessagesMax how many messages of a watch wait to be taken, at least 1; beyond them
 *     the server is asked for no more
 */
public record RemoteConfig(
    String address,
    String clientId,
    @Nullable Tls tls,
    Duration deadline,
    int callsMax,
    int watchMessagesMax) {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int CALLS = 10_000;
  private static final int WATCH_MESSAGES = 64;

  /**
   * How a connection is secured.
   *
   * @param authorities a file with the certificates that are trusted, in PEM form; null: those of
   *     the Java runtime
   * @param serverName the name that the server's certificate is for; null: that of the address
   */
  public record Tls(@Nullable Path authorities, @Nullable String serverName) {}

  /** Checks the ranges. */
  public RemoteConfig {
    if (clientId.isEmpty()) {
      throw new IllegalArgumentException("empty client id: expected at least one character");
    }
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("deadline " + deadline + ": expected above 0");
    }
    if (callsMax < 1 || watchMessagesMax < 1) {
      throw new IllegalArgumentException(
          "calls %d, messages %d: expected at least 1".formatted(callsMax, watchMessagesMax));
    }
  }

  /** A store without TLS, with the usual limits. */
  public static RemoteConfig of(String address, String clientId) {
    return new RemoteConfig(address, clientId, null, DEADLINE, CALLS, WATCH_MESSAGES);
  }

  /** A copy that secures the connection. */
  public RemoteConfig withTls(Tls tls) {
    return new RemoteConfig(address, clientId, tls, deadline, callsMax, watchMessagesMax);
  }

  /** A copy with this deadline. */
  public RemoteConfig withDeadline(Duration deadline) {
    return new RemoteConfig(address, clientId, tls, deadline, callsMax, watchMessagesMax);
  }

  /** A copy with these bounds. */
  public RemoteConfig withBounds(int callsMax, int watchMessagesMax) {
    return new RemoteConfig(address, clientId, tls, deadline, callsMax, watchMessagesMax);
  }
}
