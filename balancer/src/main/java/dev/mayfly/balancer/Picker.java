package dev.mayfly.balancer;

import java.net.InetAddress;
import java.util.List;

/** Chooses a target. Safe for concurrent use. */
interface Picker {
  /**
   * Chooses one.
   *
   * @param targets at least one
   */
  Target pick(List<Target> targets, InetAddress client);
}
