package dev.mayfly.counter;

import java.util.Arrays;

/**
 * Unicode's White_Space in bytes that may be UTF-8: each is one, two or three bytes long, and bytes
 * that are no valid UTF-8 are none. Static.
 */
final class WhiteSpace {
  private static final byte[] SPACES = new byte[1024];

  static {
    Arrays.fill(SPACES, (byte) ' ');
  }

  private WhiteSpace() {}

  /** Where the plain spaces begin that fill the range up to its end. */
  static int padding(byte[] bytes, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int length = Math.min(high - middle, SPACES.length);
      middle = high - length;
      if (Arrays.equals(bytes, middle, high, SPACES, 0, length)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  /** Where the range ends without the white space at its end. */
  static int trimEnd(byte[] bytes, int from, int to) {
    int end = to;
    int length;
    do {
      length = 0;
      for (int candidate = 1; candidate <= 3 && length == 0; candidate++) {
        boolean fits = end - candidate >= from;
        if (fits && lengthAt(bytes, end - candidate, end) == candidate) {
          length = candidate;
        }
      }
      end -= length;
    } while (length > 0);
    return end;
  }

  /** Where the range begins without the white space at its beginning. */
  static int trimStart(byte[] bytes, int from, int to) {
    int start = from;
    int length;
    do {
      length = lengthAt(bytes, start, to);
      start += length;
    } while (length > 0);
    return start;
  }

  /** How long the white space is that begins there; 0 if there is none. */
  private static int lengthAt(byte[] bytes, int at, int to) {
    if (at >= to) {
      return 0;
    }
    int first = bytes[at] & 0xFF;
    if (first == ' ' || (first >= '\t' && first <= '\r')) {
      return 1;
    }
    int second = at + 1 < to ? bytes[at + 1] & 0xFF : 0;
    if (first == 0xC2) {
      return second == 0x85 || second == 0xA0 ? 2 : 0;
    }
    int third = at + 2 < to ? bytes[at + 2] & 0xFF : 0;
    return isThree(first << 16 | second << 8 | third) ? 3 : 0;
  }

  private static boolean isThree(int utf8) {
    return switch (utf8) {
      case 0xE19A80, 0xE280A8, 0xE280A9, 0xE280AF, 0xE2819F, 0xE38080 -> true;
      default -> utf8 >= 0xE28080 && utf8 <= 0xE2808A;
    };
  }
}
