package dev.mayfly.engine.memory;

import java.util.Arrays;

/** A set of slab numbers that finds its lowest member quickly. Confined to the writer. */
final class SlabSet {
  static final int NONE = -1;

  private long[] words = new long[1];

  /** No word below this one has a member. */
  private int lowest;

  void add(int slab) {
    int word = slab >>> 6;
    if (word >= words.length) {
      words = Arrays.copyOf(words, Math.max(word + 1, words.length * 2));
    }
    words[word] |= 1L << slab;
    lowest = Math.min(lowest, word);
  }

  void remove(int slab) {
    int word = slab >>> 6;
    if (word < words.length) {
      words[word] &= ~(1L << slab);
    }
  }

  boolean contains(int slab) {
    int word = slab >>> 6;
    return word < words.length && (words[word] >>> slab & 1) != 0;
  }

  /** The lowest member, or {@link #NONE}. */
  int first() {
    for (; lowest < words.length; lowest++) {
      if (words[lowest] != 0) {
        return (lowest << 6) + Long.numberOfTrailingZeros(words[lowest]);
      }
    }
    return NONE;
  }
}
