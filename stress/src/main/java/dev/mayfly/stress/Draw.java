package dev.mayfly.stress;

/**
 * Random numbers that follow from a seed and an operation's number alone, whoever draws them in
 * whatever order: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
 * 2014), begun anew for each operation. Confined to one thread.
 */
final class Draw {
  private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;
  private static final double FRACTION = 0x1p-53;

  private final long seed;
  private long state;

  Draw(long seed) {
    this.seed = mix(seed);
  }

  /** From here on the numbers are those of this operation. */
  void begin(long operation) {
    state = mix(seed + mix(operation));
  }

  /** Any 64 bits. */
  long bits() {
    state += GAMMA;
    return mix(state);
  }

  /** At least 0, below 1. */
  double fraction() {
    return (bits() >>> 11) * FRACTION;
  }

  /** At least 0, below the bound. */
  long below(long bound) {
    return Math.unsignedMultiplyHigh(bits(), bound);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }
}
