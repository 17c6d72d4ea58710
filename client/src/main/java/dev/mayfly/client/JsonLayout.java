package dev.mayfly.client;

/** Lays JSON out over several lines. Stateless. */
final class JsonLayout {
  private JsonLayout() {}

  /** Breaks one line of well-formed JSON, which has no blanks outside strings. */
  static String indent(String json) {
    StringBuilder out = new StringBuilder(json.length() * 2);
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (quoted) {
        out.append(c);
        if (c == '\\') {
          out.append(json.charAt(++i));
        }
        quoted = c != '"';
      } else if ((c == '{' || c == '[') && isEmpty(json, i)) {
        out.append(c).append(json.charAt(++i));
      } else {
        depth = outside(c, depth, out);
        quoted = c == '"';
      }
    }
    return out.toString();
  }

  private static boolean isEmpty(String json, int openAt) {
    char next = json.charAt(openAt + 1);
    return next == '}' || next == ']';
  }

  private static int outside(char c, int depth, StringBuilder out) {
    switch (c) {
      case '{', '[' -> newLine(out.append(c), depth + 1);
      case '}', ']' -> {
        newLine(out, depth - 1);
        out.append(c);
      }
      case ',' -> newLine(out.append(c), depth);
      case ':' -> out.append(": ");
      default -> out.append(c);
    }
    return depth + (c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0);
  }

  private static void newLine(StringBuilder out, int depth) {
    out.append('\n').repeat("  ", depth);
  }
}
