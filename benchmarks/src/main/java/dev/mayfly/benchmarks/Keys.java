package dev.mayfly.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A random sequence of 16-byte keys out of a set numbered from 0, and 64-byte values. Each array is
 * new, as one that a door has just decoded. Confined to one thread.
 */
final class Keys {
  static final int VALUE_BYTES = 64;

  private static final int KEY_BYTES = 16;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int count;
  private long state;

  /**
   * @param count the number of different keys
   */
  Keys(int count, long seed) {
    this.count = count;
    state = mix(seed + 1);
  }

  /** A number below {@code bound}. */
  int below(int bound) {
    state += 0x9E3779B97F4A7C15L;
    return (int) Math.unsignedMultiplyHigh(mix(state), bound);
  }

  byte[] random() {
    return key(below(count));
  }

  static byte[] key(long number) {
    byte[] key = new byte[KEY_BYTES];
    LONG.set(key, 0, mix(number));
    LONG.set(key, 8, number);
    return key;
  }

  /** The number that the key was made from. */
  static long number(byte[] key) {
    return (long) LONG.get(key, 8);
  }

  byte[] value() {
    byte[] value = new byte[VALUE_BYTES];
    LONG.set(value, 0, state);
    LONG.set(value, 56, ~state);
    return value;
  }

  private static long mix(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
