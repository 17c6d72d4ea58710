package dev.mayfly.client;

import java.nio.charset.StandardCharsets;

/** The text of one segment or parameter of a URI (RFC 3986, section 2). Stateless. */
final class PercentCodec {
  private static final String HEX = "0123456789ABCDEF";

  private PercentCodec() {}

  /** Appends the UTF-8 bytes of a text, everything but unreserved characters escaped. */
  static void encode(String text, StringBuilder out) {
    // A segment of dots alone would be taken for a step in the path.
    boolean dots = text.equals(".") || text.equals("..");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isUnreserved(b) && !(dots && b == '.')) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
      }
    }
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}
