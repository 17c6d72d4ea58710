package dev.mayfly.resp;

import java.util.Arrays;
import java.util.Comparator;

/** Bytes as a key of a map. Whoever makes it leaves the array alone. */
record ByteKey(byte[] bytes) {
  /** Unsigned, as keys are listed. */
  static final Comparator<ByteKey> ORDER =
      (one, other) -> Arrays.compareUnsigned(one.bytes, other.bytes);

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
