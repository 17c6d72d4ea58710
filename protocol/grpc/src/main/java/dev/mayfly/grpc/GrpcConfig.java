package dev.mayfly.grpc;

import dev.mayfly.store.Rules;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the grpc door is built with. Immutable.
 *
 * @param eventLoops how many event loops the door has, at least 1
 * @param connectionsMax how many connections the door keeps open; more are closed at once. At least
 *     1
 * @param callsMax how many calls a connection may have open at a time, at least 1
 * @param incoming what calls may hold before they are answered
 * @param outgoing what calls may hold that were answered
 * @param scansMax how many listings, sweeps and prunes may be under way together, at least 1
 * @param transferBytesMax how much memory listings on their way out may take together; one that
 *     finds no room is refused
 * @param sendTimeout how long a watcher whose policy is to be disconnected may take nothing while
 *     events wait; positive
 * @param watchBacklogBytesMax how much of what watchers were told is kept for those that take it
 *     later
 * @param requireRegistration whether a client id that never registered is refused
 * @param privilegedClientId who may do an operator's work; empty: nobody. Secret
 * @param tls certificate and key, which belong together; null: plaintext
 * @param rules what writes through {@code keyquarry} mean
 * @param v1Rules what writes through {@code mayfly.v1} mean
 */
public record GrpcConfig(
    int eventLoops,
    int connectionsMax,
    int callsMax,
    Incoming incoming,
    Outgoing outgoing,
    int scansMax,
    long transferBytesMax,
    Duration sendTimeout,
    long watchBacklogBytesMax,
    boolean requireRegistration,
    String privilegedClientId,
    @Nullable Tls tls,
    Rules rules,
    Rules v1Rules) {
  /** Files in PEM form: a certificate chain and its private key, PKCS #8. */
  public record Tls(Path certificate, Path key) {}

  /**
   * What all calls together may hold before they are answered.
   *
   * @param callsMax how many may be open, at least 1; more are refused
   * @param bytesMax how many bytes of requests may have come that are not whole, at least 1; a call
   *     that would have more is refused
   * @param requestTime how long a request may take to come; positive
   */
  public record Incoming(int callsMax, long bytesMax, Duration requestTime) {
    /** Checks the ranges. */
    public Incoming {
      requireAtLeast("open calls max", callsMax, 1);
      requireAtLeast("input bytes max", bytesMax, 1);
      if (!requestTime.isPositive()) {
        throw new IllegalArgumentException("request time " + requestTime + ": expected above 0");
      }
    }
  }

  /**
   * What clients may leave of what they are told.
   *
   * @param bytesMax from how many bytes on, of all connections together, calls with large replies
   *     wait for their turn; at least 1
   * @param pauseBytes from how many bytes on of its connection they wait, at least 1
   * @param timeout how long a client may take nothing of a call while others wait; positive, at
   *     least a millisecond
   * @param replyBytesMax how many bytes of values one reply may tell, at least 1; what would tell
   *     more is refused
   */
  public record Outgoing(long bytesMax, long pauseBytes, Duration timeout, long replyBytesMax) {
    /** Checks the ranges. */
    public Outgoing {
      requireAtLeast("output bytes max", bytesMax, 1);
      requireAtLeast("output pause bytes", pauseBytes, 1);
      requireAtLeast("output timeout milliseconds", timeout.toMillis(), 1);
      requireAtLeast("reply bytes max", replyBytesMax, 1);
    }
  }

  /** Checks the ranges. */
  public GrpcConfig {
    requireAtLeast("event loops", eventLoops, 1);
    requireAtLeast("connections max", connectionsMax, 1);
    requireAtLeast("calls max", callsMax, 1);
    requireAtLeast("scans max", scansMax, 1);
    requireAtLeast("transfer bytes max", transferBytesMax, 1);
    requireAtLeast("watch backlog bytes max", watchBacklogBytesMax, 1);
    if (!sendTimeout.isPositive()) {
      throw new IllegalArgumentException("send timeout " + sendTimeout + ": expected above 0");
    }
  }

  /** How many loops serve watchers. */
  int watchLoops() {
    return Math.max(1, eventLoops / 2);
  }

  private static void requireAtLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s %d: expected at least %d".formatted(what, value, least));
    }
  }

  @Override
  public String toString() {
    return "GrpcConfig[rules=" + rules + "]";
  }
}
