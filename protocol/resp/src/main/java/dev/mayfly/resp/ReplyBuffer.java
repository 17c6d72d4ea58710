package dev.mayfly.resp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Replies of one batch, encoded one after the other, in RESP2 or RESP3.
 *
 * <p>Confined to one thread, which uses it again for each batch. It grows as needed: whoever fills
 * it looks at {@link #size} between commands.
 */
final class ReplyBuffer {
  private static final int BYTES_AT_FIRST = 64 << 10;
  private static final int BYTES_KEPT_MAX = 1 << 20;
  private static final int BYTES_HARD_MAX = Integer.MAX_VALUE - 8;
  private static final int NUMBER_BYTES_MAX = 24;

  private static final byte[] OK = ascii("+OK\r\n");
  private static final byte[] NIL_2 = ascii("$-1\r\n");
  private static final byte[] NIL_ARRAY_2 = ascii("*-1\r\n");
  private static final byte[] NIL_3 = ascii("_\r\n");

  private final int bytesMax;
  private byte[] bytes;
  private int size;
  private boolean isResp3;

  /** One that has room for so many bytes at first. */
  ReplyBuffer(int bytesAtFirst) {
    this(bytesAtFirst, BYTES_HARD_MAX);
  }

  /** One that grows up to so many bytes. */
  ReplyBuffer(int bytesAtFirst, int bytesMax) {
    this.bytesMax = Math.min(bytesMax, BYTES_HARD_MAX);
    bytes = new byte[bytesAtFirst];
  }

  /** One for the batches that a thread runs, whose replies may have so many bytes. */
  static ReplyBuffer ofReplies(int replyBytesMax) {
    return new ReplyBuffer(BYTES_AT_FIRST, replyBytesMax);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** From here on replies are of this version. */
  void version(boolean resp3) {
    isResp3 = resp3;
  }

  boolean isResp3() {
    return isResp3;
  }

  int size() {
    return size;
  }

  /** Takes back what was written after there were so many bytes. */
  void cutTo(int mark) {
    size = mark;
  }

  /** Whether what begins here is an array or a push message. */
  boolean isArrayAt(int mark) {
    return size > mark && (bytes[mark] == '*' || bytes[mark] == '>');
  }

  byte[] bytes() {
    return bytes;
  }

  /** What was written so far; it is forgotten here. */
  byte[] take() {
    byte[] taken = Arrays.copyOf(bytes, size);
    clear();
    return taken;
  }

  void clear() {
    size = 0;
    if (bytes.length > BYTES_KEPT_MAX) {
      bytes = new byte[BYTES_AT_FIRST];
    }
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      long needed = (long) size + more;
      if (needed > bytesMax) {
        throw new RespException("ERR the reply exceeds %d bytes".formatted(bytesMax));
      }
      long wanted = Math.max(2L * bytes.length, needed);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, bytesMax));
    }
  }

  private void raw(byte[] encoded) {
    ensure(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
  }

  /** Takes over what is encoded already. */
  void encoded(byte[] reply) {
    raw(reply);
  }

  /** Takes over what another one holds. */
  void encoded(ReplyBuffer other) {
    ensure(other.size);
    System.arraycopy(other.bytes, 0, bytes, size, other.size);
    size += other.size;
  }

  void ok() {
    raw(OK);
  }

  /** A simple string: ASCII, without line ends. */
  void simple(String text) {
    line('+', text);
  }

  /** An error: its code and text. Line ends become spaces. */
  void error(String text) {
    line('-', text.replace('\r', ' ').replace('\n', ' '));
  }

  private void line(char type, String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ensure(encoded.length + 3);
    bytes[size++] = (byte) type;
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
    end();
  }

  private void end() {
    bytes[size++] = '\r';
    bytes[size++] = '\n';
  }

  void integer(long number) {
    head(':', number);
  }

  /** 1 or 0. */
  void flag(boolean set) {
    integer(set ? 1 : 0);
  }

  /** A boolean, which RESP2 knows as 1 or 0. */
  void bool(boolean value) {
    if (isResp3) {
      line('#', value ? "t" : "f");
    } else {
      flag(value);
    }
  }

  private void head(char type, long number) {
    ensure(NUMBER_BYTES_MAX);
    bytes[size++] = (byte) type;
    digits(number);
    end();
  }

  private void digits(long number) {
    if (number >= 0 && number < 10) {
      bytes[size++] = (byte) ('0' + number);
      return;
    }
    if (number == Long.MIN_VALUE) {
      raw(ascii("-9223372036854775808"));
      return;
    }
    long left = number;
    if (left < 0) {
      bytes[size++] = '-';
      left = -left;
    }
    int length = 1;
    for (long power = 10; length < 19 && left >= power; power *= 10) {
      length++;
    }
    for (int at = size + length - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    size += length;
  }

  void bulk(byte[] value) {
    ensure(value.length + NUMBER_BYTES_MAX + 2);
    head('$', value.length);
    ensure(value.length + 2);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    end();
  }

  void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A text to be shown as it is. */
  void verbatim(String text) {
    if (!isResp3) {
      bulk(text);
      return;
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    head('=', encoded.length + 4L);
    raw(ascii("txt:"));
    raw(encoded);
    ensure(2);
    end();
  }

  /** No value. */
  void nil() {
    raw(isResp3 ? NIL_3 : NIL_2);
  }

  /** No array. */
  void nilArray() {
    raw(isResp3 ? NIL_3 : NIL_ARRAY_2);
  }

  /** The head of so many elements. */
  void array(int elements) {
    head('*', elements);
  }

  /** The head of so many pairs; an array of keys and values in RESP2. */
  void map(int pairs) {
    head(isResp3 ? '%' : '*', isResp3 ? pairs : 2L * pairs);
  }

  /** The head of so many elements in no order. */
  void set(int elements) {
    head(isResp3 ? '~' : '*', elements);
  }

  /** The head of so many elements that nobody asked for just now. */
  void push(int elements) {
    head(isResp3 ? '>' : '*', elements);
  }
}
