package dev.mayfly.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Percent-encoding (RFC 3986). A request's target arrives with one character a byte, so a byte that
 * a client did not escape is taken as it is. Stateless.
 */
final class PercentCodec {
  private PercentCodec() {}

  /** The bytes; an escape that is none is taken literally. */
  static byte[] decodeLenient(String text, boolean plusIsSpace) {
    byte[] bytes = decode(text, plusIsSpace, true);
    return bytes == null ? new byte[0] : bytes;
  }

  /** The bytes; null where an escape is none. */
  static byte @Nullable [] decodeStrict(String text) {
    return decodeStrict(text, false);
  }

  /** The bytes; null where an escape is none. */
  static byte @Nullable [] decodeStrict(String text, boolean plusIsSpace) {
    return decode(text, plusIsSpace, false);
  }

  private static byte @Nullable [] decode(String text, boolean plusIsSpace, boolean lenient) {
    int length = text.length();
    byte[] bytes = new byte[length];
    int size = 0;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int value = i + 2 < length ? escape(text, i) : -1;
        if (value >= 0) {
          bytes[size++] = (byte) value;
          i += 2;
          continue;
        }
        if (!lenient) {
          return null;
        }
      }
      bytes[size++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
    }
    return size == length ? bytes : Arrays.copyOf(bytes, size);
  }

  private static int escape(String text, int at) {
    int high = Character.digit(text.charAt(at + 1), 16);
    int low = Character.digit(text.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
