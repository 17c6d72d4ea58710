package dev.mayfly.stress;

import dev.mayfly.client.ServerAddress;
import dev.mayfly.client.Trust;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A load before it is run. Immutable.
 *
 * @param door what is spoken
 * @param address to whom; the counter doors have no unix sockets
 * @param trust whom to believe, under TLS, over TCP and not to the counter doors; null: plaintext
 * @param connections how many loops send, each on a connection of its own; over gRPC and with
 *     shared datagrams they share a few
 * @param pipeline how many operations a loop sends before it reads answers
 * @param timeout how long an answer, or a connection, is waited for
 * @param secret what the counter door expects; empty: nothing. Never printed
 * @param workload what is asked
 * @param pace how fast, and for how long
 */
public record StressPlan(
    Door door,
    ServerAddress address,
    @Nullable Trust trust,
    int connections,
    int pipeline,
    Duration timeout,
    String secret,
    Workload workload,
    Pace pace) {
  /** The most loops that a load has. */
  public static final int CONNECTIONS_MAX = 10_000;

  /** The most operations that a loop sends at once. */
  public static final int PIPELINE_MAX = 1000;

  /** Checks the ranges. */
  public StressPlan {
    boolean isTcp = address instanceof ServerAddress.Tcp;
    if (door.isDatagrams() && !isTcp) {
      throw new IllegalArgumentException(
          "invalid address '" + address + "' for door " + door.word() + ": expected host:port");
    }
    if (trust != null && !trust.verified() && door == Door.GRPC) {
      throw new IllegalArgumentException(
          "TLS without verification with door grpc: expected authorities to believe");
    }
    if (trust != null && (door.isDatagrams() || !isTcp)) {
      throw new IllegalArgumentException(
          "TLS with door %s at %s: expected http, json, grpc or resp over TCP"
              .formatted(door.word(), address));
    }
    if (connections < 1 || connections > CONNECTIONS_MAX) {
      throw new IllegalArgumentException(
          "invalid number of connections %d: expected 1 to %d"
              .formatted(connections, CONNECTIONS_MAX));
    }
    if (pipeline < 1 || pipeline > PIPELINE_MAX) {
      throw new IllegalArgumentException(
          "invalid pipeline %d: expected 1 to %d".formatted(pipeline, PIPELINE_MAX));
    }
    if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "invalid timeout " + timeout + ": expected 1ms to 24 days");
    }
  }

  /** The address of a door that has no other. */
  ServerAddress.Tcp tcp() {
    return (ServerAddress.Tcp) address;
  }

  @Override
  public String toString() {
    return "StressPlan[%s %s, %d connections]".formatted(door.word(), address, connections);
  }
}
