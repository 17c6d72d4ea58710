package dev.mayfly.balancer;

/**
 * How a backend does, at one moment. Immutable.
 *
 * @param address its literal address and port
 * @param isUsable whether new connections go to it
 * @param state {@code up}, {@code down}, {@code unknown}, {@code ejected} or {@code draining}
 * @param connections that are open
 * @param hits connections that it took
 * @param errors connections that it did not take, or broke
 */
public record BackendStatus(
    String id,
    String address,
    boolean isUsable,
    String state,
    int weight,
    int connections,
    long hits,
    long errors,
    long bytesIn,
    long bytesOut) {

  static BackendStatus of(Target target, long now) {
    return new BackendStatus(
        target.id(),
        HostPorts.text(target.address()),
        target.isUsable(now),
        state(target, now),
        target.weight(),
        target.connections(),
        target.hits.sum(),
        target.errors.sum(),
        target.bytesIn.sum(),
        target.bytesOut.sum());
  }

  private static String state(Target target, long now) {
    if (target.isDraining()) {
      return "draining";
    }
    if (target.isEjected(now)) {
      return "ejected";
    }
    return switch (target.health()) {
      case UP -> "up";
      case DOWN -> "down";
      case UNKNOWN -> "unknown";
    };
  }
}
