package dev.mayfly.client;

import java.time.Duration;
import java.util.List;

/**
 * How a {@link CounterClient} is made. Immutable.
 *
 * @param servers the pool: the first that answers is asked, the others stand by; not empty
 * @param secret what frames are signed with; empty: they are not. Never printed
 * @param datagramBytesMax how long a datagram may be, 200 to 2048
 * @param linger how long an operation waits for others to share its datagram
 * @param queueMax how many operations may wait to be sent; more are refused
 * @param inFlightMax how many datagrams may wait for their answers
 * @param timeout how long an answer is waited for
 */
public record CounterClientConfig(
    List<ServerAddress.Tcp> servers,
    String secret,
    int datagramBytesMax,
    Duration linger,
    int queueMax,
    int inFlightMax,
    Duration timeout) {
  private static final int DATAGRAM_BYTES_LEAST = 200;
  private static final int DATAGRAM_BYTES_MOST = 2048;

  /** Checks the ranges. */
  public CounterClientConfig {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no servers: expected at least one");
    }
    require("datagram bytes max", datagramBytesMax, DATAGRAM_BYTES_LEAST, DATAGRAM_BYTES_MOST);
    require("queue max", queueMax, 1, Integer.MAX_VALUE);
    require("in flight max", inFlightMax, 1, 1 << 16);
    if (linger.isNegative() || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("linger and timeout: expected at least 0, and above 0");
    }
  }

  /**
   * One pool with the defaults: datagrams of 1400 bytes, 1 ms, 65536 operations, 128 datagrams, 1
   * s.
   */
  public static CounterClientConfig of(List<ServerAddress.Tcp> servers) {
    return new CounterClientConfig(
        servers, "", 1400, Duration.ofMillis(1), 65_536, 128, Duration.ofSeconds(1));
  }

  /** A copy with a secret. */
  public CounterClientConfig withSecret(String changed) {
    return new CounterClientConfig(
        servers, changed, datagramBytesMax, linger, queueMax, inFlightMax, timeout);
  }

  /** A copy with another time to wait for company. */
  public CounterClientConfig withLinger(Duration changed) {
    return new CounterClientConfig(
        servers, secret, datagramBytesMax, changed, queueMax, inFlightMax, timeout);
  }

  /** A copy with another time to wait for answers. */
  public CounterClientConfig withTimeout(Duration changed) {
    return new CounterClientConfig(
        servers, secret, datagramBytesMax, linger, queueMax, inFlightMax, changed);
  }

  /** A copy with other bounds on what waits. */
  public CounterClientConfig withBounds(int queue, int inFlight) {
    return new CounterClientConfig(
        servers, secret, datagramBytesMax, linger, queue, inFlight, timeout);
  }

  @Override
  public String toString() {
    return "CounterClientConfig[" + servers + "]";
  }

  private static void require(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s %d: expected %d to %d".formatted(what, value, least, most));
    }
  }
}
