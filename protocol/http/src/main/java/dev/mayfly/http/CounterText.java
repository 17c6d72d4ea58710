package dev.mayfly.http;

/**
 * JSON texts as clients of the counter REST have always got them: what means something in HTML is
 * escaped, and bytes that are no UTF-8 appear as an escaped U+FFFD. Stateless.
 */
final class CounterText {
  private CounterText() {}

  /** Writes bytes as a text in quotes. */
  static void quote(StringBuilder out, byte[] bytes) {
    boolean whole = Utf8.isValid(bytes);
    String text = Utf8.text(bytes);
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> escape(out, c);
        case '\ufffd' -> out.append(whole ? "\ufffd" : "\\ufffd");
        default -> {
          if (c < ' ') {
            escape(out, c);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(Character.forDigit(c >>> shift & 0xF, 16));
    }
  }
}
