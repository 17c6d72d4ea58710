package dev.mayfly.balancer;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The one with the fewest open connections for its weight; in turn among equals. */
final class LeastConnectionsPicker implements Picker {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public Target pick(List<Target> targets, InetAddress client) {
    int from = Math.floorMod(next.getAndIncrement(), targets.size());
    Target best = targets.get(from);
    long bestOpen = best.connections();
    for (int i = 1; i < targets.size(); i++) {
      Target other = targets.get((from + i) % targets.size());
      long open = other.connections();
      if (open * best.weight() < bestOpen * other.weight()) {
        best = other;
        bestOpen = open;
      }
    }
    return best;
  }
}
