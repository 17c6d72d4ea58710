package dev.mayfly.balancer;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Each in turn. */
final class RoundRobinPicker implements Picker {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public Target pick(List<Target> targets, InetAddress client) {
    return targets.get(Math.floorMod(next.getAndIncrement(), targets.size()));
  }
}
