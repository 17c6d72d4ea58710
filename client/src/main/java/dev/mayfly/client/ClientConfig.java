package dev.mayfly.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client needs to know before its first request.
 *
 * <p>Immutable; safe for concurrent use.
 *
 * @param address where the server listens
 * @param clientId who asks: owns locks and is named in events; printable ASCII, not empty
 * @param connectTimeout how long to wait for a connection, positive
 * @param readTimeout how long the server may stay silent within an exchange, positive
 * @param connectionsMax how many connections may be open at once, at least 1
 * @param trust whom to believe, under TLS; null: plaintext
 */
public record ClientConfig(
    ServerAddress address,
    String clientId,
    Duration connectTimeout,
    Duration readTimeout,
    int connectionsMax,
    @Nullable Trust trust) {

  /** Checks every value. */
  public ClientConfig {
    if (clientId.isEmpty() || !isPrintable(clientId)) {
      throw new IllegalArgumentException(
          "invalid client id '" + clientId + "': expected printable ASCII");
    }
    requirePositive("connect timeout", connectTimeout);
    requirePositive("read timeout", readTimeout);
    if (connectionsMax < 1) {
      throw new IllegalArgumentException(
          "invalid number of connections " + connectionsMax + ": expected at least 1");
    }
  }

  /** A client of this user at an address: 10 s to connect, 30 s of silence, 8 connections. */
  public static ClientConfig of(ServerAddress address) {
    return new ClientConfig(
        address, ClientId.ofThisUser(), Duration.ofSeconds(10), Duration.ofSeconds(30), 8, null);
  }

  /** The same with another client id. */
  public ClientConfig withClientId(String id) {
    return new ClientConfig(address, id, connectTimeout, readTimeout, connectionsMax, trust);
  }

  /** The same with another wait for a connection. */
  public ClientConfig withConnectTimeout(Duration timeout) {
    return new ClientConfig(address, clientId, timeout, readTimeout, connectionsMax, trust);
  }

  /** The same with another bound on the server's silence. */
  public ClientConfig withReadTimeout(Duration timeout) {
    return new ClientConfig(address, clientId, connectTimeout, timeout, connectionsMax, trust);
  }

  /** The same under TLS, or without it. */
  public ClientConfig withTrust(@Nullable Trust whom) {
    return new ClientConfig(address, clientId, connectTimeout, readTimeout, connectionsMax, whom);
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static void requirePositive(String what, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("invalid " + what + " " + duration + ": not positive");
    }
  }
}
