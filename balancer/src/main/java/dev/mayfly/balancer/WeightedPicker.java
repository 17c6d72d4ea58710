package dev.mayfly.balancer;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Each as often as its weight says, spread evenly: everyone earns its weight each turn, the richest
 * is taken and pays for all.
 */
final class WeightedPicker implements Picker {
  private final Map<Target, Long> earned = new HashMap<>();

  @Override
  public synchronized Target pick(List<Target> targets, InetAddress client) {
    if (earned.size() > targets.size()) {
      earned.keySet().retainAll(targets);
    }
    Target best = targets.getFirst();
    long bestEarned = Long.MIN_VALUE;
    long sum = 0;
    for (Target target : targets) {
      long now = earned.merge(target, (long) target.weight(), Long::sum);
      sum += target.weight();
      if (now > bestEarned) {
        best = target;
        bestEarned = now;
      }
    }
    earned.put(best, bestEarned - sum);
    return best;
  }
}
