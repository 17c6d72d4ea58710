package dev.mayfly.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The UTF-8 bytes of short texts that come again and again: client ids, content types. Bounded: a
 * text takes the place of another that hashes alike.
 *
 * <p>Safe for concurrent use without a lock: a pair is immutable, and a race costs an encoding.
 */
final class TextCache {
  private static final int SLOTS = 256;

  private record Pair(String text, byte[] bytes) {}

  private final @Nullable Pair[] slots = new @Nullable Pair[SLOTS];
  private final int bytesMax;

  TextCache(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** The bytes of the text; of its beginning, in whole characters, where it is longer. */
  byte[] encode(String text) {
    int hash = text.hashCode();
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    Pair pair = slots[slot];
    if (pair != null && pair.text().equals(text)) {
      return pair.bytes();
    }
    byte[] bytes = cut(text.getBytes(StandardCharsets.UTF_8));
    slots[slot] = new Pair(text, bytes);
    return bytes;
  }

  private byte[] cut(byte[] bytes) {
    if (bytes.length <= bytesMax) {
      return bytes;
    }
    int end = bytesMax;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
