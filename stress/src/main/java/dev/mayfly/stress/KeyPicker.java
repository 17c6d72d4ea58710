package dev.mayfly.stress;

/** Which key an operation is about. Immutable; safe for concurrent use. */
interface KeyPicker {
  /** The number of a key, from 0. */
  long pick(long operation, Draw draw);

  static KeyPicker of(Distribution distribution, long keys) {
    return switch (distribution) {
      case Distribution.Sequential() -> (operation, draw) -> operation % keys;
      case Distribution.Uniform() -> (operation, draw) -> draw.below(keys);
      case Distribution.Hot(double percent) -> {
        double share = percent / 100;
        yield (operation, draw) -> draw.fraction() < share ? 0 : draw.below(keys);
      }
      case Distribution.Zipf(double exponent) -> {
        ZipfRanks ranks = new ZipfRanks(keys, exponent);
        yield (operation, draw) -> ranks.draw(draw) - 1;
      }
    };
  }
}
