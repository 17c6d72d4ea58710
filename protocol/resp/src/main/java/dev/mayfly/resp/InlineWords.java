package dev.mayfly.resp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Splits a line into words, with quotes and escapes, as a person types it. Stateless. */
final class InlineWords {
  private InlineWords() {}

  /**
   * The words of the range.
   *
   * @throws RespException when a quote is not closed, or not followed by a space
   */
  static List<byte[]> split(byte[] in, int from, int to) {
    List<byte[]> words = new ArrayList<>();
    int at = from;
    while (at < to) {
      if (isSpace(in[at])) {
        at++;
        continue;
      }
      ByteArrayOutputStream word = new ByteArrayOutputStream();
      while (at < to && !isSpace(in[at])) {
        if (in[at] == '"' || in[at] == '\'') {
          at = quoted(in, at, to, word);
        } else {
          word.write(in[at++]);
        }
      }
      words.add(word.toByteArray());
    }
    return words;
  }

  private static int quoted(byte[] in, int open, int to, ByteArrayOutputStream word) {
    byte quote = in[open];
    int at = open + 1;
    while (at < to && in[at] != quote) {
      if (in[at] == '\\' && at + 1 < to) {
        at = escaped(in, at + 1, to, quote, word);
      } else {
        word.write(in[at++]);
      }
    }
    if (at >= to || (at + 1 < to && !isSpace(in[at + 1]))) {
      throw new RespException("ERR Protocol error: unbalanced quotes in request");
    }
    return at + 1;
  }

  /** What follows a backslash; between single quotes only a single quote can be escaped. */
  private static int escaped(byte[] in, int at, int to, byte quote, ByteArrayOutputStream word) {
    byte next = in[at];
    if (quote == '\'') {
      if (next != '\'') {
        word.write('\\');
        return at;
      }
      word.write(next);
      return at + 1;
    }
    int high = at + 2 < to && next == 'x' ? Character.digit(in[at + 1], 16) : -1;
    int low = high >= 0 ? Character.digit(in[at + 2], 16) : -1;
    if (low >= 0) {
      word.write(high << 4 | low);
      return at + 3;
    }
    word.write(
        switch (next) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'b' -> '\b';
          case 'a' -> 7;
          default -> next;
        });
    return at + 1;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r') || b == 0;
  }
}
