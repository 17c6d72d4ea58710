package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.nio.charset.StandardCharsets;

/** Bytes as UTF-8 text (RFC 3629). Stateless. */
final class Utf8 {
  /** The bytes are no UTF-8. */
  static final int INVALID = -1;

  private Utf8() {}

  /** How many UTF-16 units the text has; {@link #INVALID} when the bytes are no text. */
  static int chars(byte[] bytes) {
    int chars = 0;
    int at = 0;
    while (at < bytes.length) {
      int lead = bytes[at];
      if (lead >= 0) {
        at++;
        chars++;
        continue;
      }
      int length = sequenceLength(bytes, at, lead & 0xff);
      if (length == INVALID) {
        return INVALID;
      }
      chars += length == 4 ? 2 : 1;
      at += length;
    }
    return chars;
  }

  static boolean isValid(byte[] bytes) {
    return chars(bytes) != INVALID;
  }

  /** The text; what is no UTF-8 appears as U+FFFD. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * The text that a client sent.
   *
   * @throws MayflyException ARGUMENT_INVALID when the bytes are none, which would become another
   *     text without a word
   */
  static String decode(String what, byte[] bytes) {
    if (!isValid(bytes)) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, what + ": expected UTF-8 text");
    }
    return text(bytes);
  }

  /**
   * The bytes of a text that a client wrote by escapes.
   *
   * @throws MayflyException ARGUMENT_INVALID when it holds half of a surrogate pair
   */
  static byte[] encode(String what, String text) {
    return bytes(require(what, text));
  }

  /**
   * A text that a client wrote by escapes, which can write what is none.
   *
   * @throws MayflyException ARGUMENT_INVALID when it holds half of a surrogate pair
   */
  static String require(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
        if (!Character.isSurrogatePair(text.charAt(i), next)) {
          throw new MayflyException(
              ErrorCode.ARGUMENT_INVALID,
              "%s: expected text, found half of a surrogate pair (\\u%04x)"
                  .formatted(what, (int) text.charAt(i)));
        }
        i++;
      }
    }
    return text;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The length of a sequence of several bytes; no overlong form, no surrogate, none too large. */
  private static int sequenceLength(byte[] bytes, int at, int lead) {
    if (lead < 0xc2 || lead > 0xf4) {
      return INVALID;
    }
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (at + length > bytes.length) {
      return INVALID;
    }
    int second = bytes[at + 1] & 0xff;
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return INVALID;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return INVALID;
      }
    }
    return length;
  }
}
