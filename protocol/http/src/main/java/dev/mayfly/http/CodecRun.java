package dev.mayfly.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What the codec made of the bytes that it was given at once, and from it, where that begins which
 * it has kept. Confined to the connection's event loop.
 */
final class CodecRun {
  /** How much of a body came out behind each head: first, of the body that was under way. */
  private int[] contents = new int[4];

  private int heads;
  private boolean isSomeOut;
  private boolean beganInHead;

  /** Whether the body that is under way comes in chunks. */
  private boolean isChunked;

  /** Whether any did, whose ends are not known therefore. */
  private boolean wasChunked;

  /** Whether the run before left nothing; else, whether that ends in a line empty so far. */
  private boolean isFresh = true;

  private boolean isAtEmptyLine;

  void begin(boolean inHead) {
    heads = 0;
    contents[0] = 0;
    isSomeOut = false;
    beganInHead = inHead;
    wasChunked = !inHead && isChunked;
  }

  void onRequest(boolean chunked) {
    isSomeOut = true;
    heads++;
    if (heads == contents.length) {
      contents = Arrays.copyOf(contents, heads * 2);
    }
    contents[heads] = 0;
    isChunked = chunked;
    wasChunked |= chunked;
  }

  void onContent(int bytes) {
    isSomeOut = true;
    contents[heads] += bytes;
  }

  /** The codec has run, and has kept nothing. */
  void endEmpty() {
    isFresh = true;
  }

  /** The codec has run. */
  void end(boolean leftNothing, ByteBuf bytes, int from, int to) {
    isFresh = leftNothing;
    int last = to - 1;
    if (last >= from && bytes.getByte(last) == (byte) '\r') {
      last--;
    }
    if (last >= from) {
      isAtEmptyLine = bytes.getByte(last) == (byte) '\n';
    }
  }

  /** Whether anything came out. */
  boolean isSomeOut() {
    return isSomeOut;
  }

  /**
   * From where on the bytes may have been kept.
   *
   * @param inHead whether the codec reads a head now
   */
  int keptFrom(ByteBuf bytes, int from, int to, boolean inHead) {
    if (wasChunked) {
      return keptFromAtMost(bytes, from, to, inHead);
    }
    if (!inHead) {
      // A body of known length is kept by nobody here.
      return to;
    }
    int at = from + contents[0];
    for (int i = 1; i <= heads; i++) {
      at = behindHead(bytes, at, to, i == 1 && beganInHead) + contents[i];
    }
    return Math.min(at, to);
  }

  /** What is kept is at the end, is no content, and, where it is of a head, has no empty line. */
  private int keptFromAtMost(ByteBuf bytes, int from, int to, boolean inHead) {
    int kept = from;
    for (int i = 0; i <= heads; i++) {
      kept += contents[i];
    }
    int line = from;
    int next = inHead ? Lines.next(bytes, from, to) : -1;
    while (next >= 0) {
      if (Lines.isEmpty(bytes, line, next)) {
        kept = Math.max(kept, next);
      }
      line = next;
      next = Lines.next(bytes, line, to);
    }
    return kept;
  }

  private int behindHead(ByteBuf bytes, int from, int to, boolean isFirst) {
    boolean goesOn = isFirst && !isFresh;
    int line = goesOn ? from : behindEmptyLines(bytes, from, to);
    boolean mayBeEmpty = !goesOn || isAtEmptyLine;
    int next = Lines.next(bytes, line, to);
    while (next >= 0 && !(mayBeEmpty && Lines.isEmpty(bytes, line, next))) {
      mayBeEmpty = true;
      line = next;
      next = Lines.next(bytes, line, to);
    }
    return next < 0 ? from : next;
  }

  /** The codec passes over empty lines before a head. */
  private static int behindEmptyLines(ByteBuf bytes, int from, int to) {
    int at = from;
    while (at < to && (bytes.getByte(at) == (byte) '\r' || bytes.getByte(at) == (byte) '\n')) {
      at++;
    }
    return at;
  }
}
