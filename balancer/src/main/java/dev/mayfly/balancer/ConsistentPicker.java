package dev.mayfly.balancer;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The highest of a weighted score that depends on the client and the backend alone (rendezvous
 * hashing): another backend's coming or going never moves a client between two that stay.
 */
final class ConsistentPicker implements Picker {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;
  private static final double UNIT = 0x1p-53;

  @Override
  public Target pick(List<Target> targets, InetAddress client) {
    long of = hash(OFFSET, client.getAddress());
    Target best = targets.getFirst();
    double bestScore = Double.NEGATIVE_INFINITY;
    for (Target target : targets) {
      double score = score(hash(of, target.id().getBytes(StandardCharsets.UTF_8)), target.weight());
      if (score > bestScore) {
        best = target;
        bestScore = score;
      }
    }
    return best;
  }

  private static double score(long hash, int weight) {
    double uniform = ((mix(hash) >>> 11) + 0.5) * UNIT;
    return -weight / Math.log(uniform);
  }

  private static long hash(long seed, byte[] bytes) {
    long hash = seed;
    for (byte each : bytes) {
      hash = (hash ^ (each & 0xff)) * PRIME;
    }
    return hash;
  }

  /** The finalizer of MurmurHash3: FNV's high bits alone vary too little between addresses. */
  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
