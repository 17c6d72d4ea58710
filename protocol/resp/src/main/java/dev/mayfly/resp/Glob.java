package dev.mayfly.resp;

/**
 * A pattern of keys and channels: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a]}, and a
 * backslash before what is meant itself. It matches the whole text, byte by byte, and takes at most
 * the product of both lengths. Immutable.
 */
final class Glob {
  private final byte[] pattern;
  private final boolean matchesAll;

  Glob(byte[] pattern) {
    this.pattern = pattern;
    matchesAll = pattern.length == 1 && pattern[0] == '*';
  }

  boolean matches(byte[] text) {
    if (matchesAll) {
      return true;
    }
    int p = 0;
    int t = 0;
    int starP = -1;
    int starT = 0;
    while (t < text.length) {
      if (p < pattern.length && pattern[p] == '*') {
        starP = ++p;
        starT = t;
      } else if (p < pattern.length && matchesOne(p, text[t])) {
        p = afterOne(p);
        t++;
      } else if (starP >= 0) {
        p = starP;
        t = ++starT;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  private boolean matchesOne(int p, byte b) {
    return switch (pattern[p]) {
      case '?' -> true;
      case '[' -> isIn(p, b);
      case '\\' -> pattern[p + 1 < pattern.length ? p + 1 : p] == b;
      default -> pattern[p] == b;
    };
  }

  private int afterOne(int p) {
    return switch (pattern[p]) {
      case '[' -> afterClass(p);
      case '\\' -> Math.min(p + 2, pattern.length);
      default -> p + 1;
    };
  }

  private boolean isIn(int open, byte b) {
    int at = open + 1;
    boolean negated = at < pattern.length && pattern[at] == '^';
    at += negated ? 1 : 0;
    boolean found = false;
    int c = b & 0xFF;
    while (at < pattern.length && pattern[at] != ']') {
      if (pattern[at] == '\\' && at + 1 < pattern.length) {
        found |= (pattern[at + 1] & 0xFF) == c;
        at += 2;
      } else if (at + 2 < pattern.length && pattern[at + 1] == '-') {
        int low = pattern[at] & 0xFF;
        int high = pattern[at + 2] & 0xFF;
        found |= Math.min(low, high) <= c && c <= Math.max(low, high);
        at += 3;
      } else {
        found |= (pattern[at] & 0xFF) == c;
        at++;
      }
    }
    return found != negated;
  }

  private int afterClass(int open) {
    int at = open + 1;
    while (at < pattern.length && pattern[at] != ']') {
      at += pattern[at] == '\\' && at + 1 < pattern.length ? 2 : 1;
    }
    return Math.min(at + 1, pattern.length);
  }
}
