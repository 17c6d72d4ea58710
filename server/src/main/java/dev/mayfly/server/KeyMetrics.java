package dev.mayfly.server;

/** For which keys access, set and lock times and counts are kept. */
public enum KeyMetrics {
  /** For keys written through a door whose clients can ask for them (gRPC and {@code /v1}). */
  DOOR,
  /** For keys of every door. */
  ON,
  /** For none. */
  OFF
}
