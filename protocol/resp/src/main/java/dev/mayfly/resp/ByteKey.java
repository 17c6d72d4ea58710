package dev.mayfly.resp;

import java.util.Arrays;

/** Bytes as a key of a map. Whoever makes it leaves the array alone. */
record ByteKey(byte[] bytes) {
  @Override
  public boolean equals(Object other) {
    return other instanceof ByteKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
