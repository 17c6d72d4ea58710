package dev.mayfly.engine.memory;

import java.util.Random;

/** Randomness that can be had again: the seed is printed, and taken from {@code -Dseed=} if set. */
final class Seed {
  private Seed() {}

  static Random random(String test) {
    long seed = Long.getLong("seed", new Random().nextLong());
    System.out.println(test + " -Dseed=" + seed);
    return new Random(seed);
  }
}
