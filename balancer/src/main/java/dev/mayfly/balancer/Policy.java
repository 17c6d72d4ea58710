package dev.mayfly.balancer;

import java.util.Locale;

/** How the backend of a new connection is chosen among those that can take it. */
public enum Policy {
  /** Each in turn. */
  ROUND_ROBIN,
  /** The one with the fewest open connections for its weight; in turn among equals. */
  LEAST_CONNECTIONS,
  /** In turn, each as often as its weight says, spread evenly. */
  WEIGHTED,
  /**
   * By the client's address: the same client gets the same backend, and a change of the backends
   * moves only the clients that it must.
   */
  CONSISTENT;

  /**
   * Reads the name as an option has it: {@code round-robin}.
   *
   * @throws IllegalArgumentException naming what is expected
   */
  public static Policy parse(String name) {
    for (Policy policy : values()) {
      if (policy.text().equals(name)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + name
            + "' is no policy: expected round-robin, least-connections, weighted or consistent");
  }

  /** The name as an option has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Picker picker() {
    return switch (this) {
      case ROUND_ROBIN -> new RoundRobinPicker();
      case LEAST_CONNECTIONS -> new LeastConnectionsPicker();
      case WEIGHTED -> new WeightedPicker();
      case CONSISTENT -> new ConsistentPicker();
    };
  }
}
