package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands out of a client's bytes: arrays of bulk strings, or lines of words.
 *
 * <p>It parses from a plain array that holds what the connection has not dealt with yet. A command
 * that is not whole costs nothing but the look at it: {@link #bytesNeeded} tells how many bytes
 * must be there before another look can find more, and that look goes on where this one ended. No
 * length is believed before it was checked against its limit, and nothing is allocated for bytes
 * that are not there. A command that is too large is refused and passed over, not kept. Confined to
 * the thread that serves its connection.
 */
final class RequestParser {
  /** What is longer is taken for a mistake, as by the original. */
  private static final long LENGTH_MAX = 512L << 20;

  private static final int INLINE_BYTES_MAX = 64 << 10;
  private static final int NUMBER_BYTES_MAX = 32;
  private static final int OFFSETS_AT_FIRST = 16;
  private static final int OFFSETS_KEPT_MAX = 256;
  private static final int NAME_KEPT_MAX = 64;
  private static final int END_BYTES = 2;
  private static final byte[][] NO_VALUES = new byte[0][];
  private static final byte[] NO_NAME = new byte[0];
  private static final String LENGTH_INVALID = "ERR Protocol error: invalid bulk length";

  private final int argumentsMax;
  private final int bulkBytesMax;
  private final long commandBytesMax;

  /** Where the arguments begin, from the command's first byte on, and their lengths. */
  private int[] offsets = new int[OFFSETS_AT_FIRST];

  /** The name of the command before, which most often is that of the next one, too. */
  private byte[] name = new byte[0];

  private int position;

  /** Whether there was but an empty line, or an array of nothing. */
  private boolean passedOver;

  private int bytesNeeded;
  private int line;

  /** Where the last look at a command that was not whole ended; 0: there was none. */
  private int seenBytes;

  private int seenArguments;
  private int announced;

  /** What is being passed over; null: nothing. */
  private @Nullable RefusedInput refused;

  RequestParser(int argumentsMax, int bulkBytesMax, long commandBytesMax) {
    this.argumentsMax = argumentsMax;
    this.bulkBytesMax = bulkBytesMax;
    this.commandBytesMax = commandBytesMax;
  }

  /** Where the next command begins, after {@link #next} gave one. */
  int position() {
    return position;
  }

  /** How many bytes from the position on must be there for the next look, at least. */
  int bytesNeeded() {
    return bytesNeeded;
  }

  /** How many bytes what was seen of a command that is not whole takes besides the command. */
  long seenMemory() {
    return seenBytes == 0 ? 0 : (long) Integer.BYTES * offsets.length;
  }

  /** The next look begins before the command that was not whole. */
  void forget() {
    seenBytes = 0;
    refused = null;
  }

  /**
   * The next command; null when it is not whole yet. An empty line or array is passed over. So is a
   * command that is too large, of which {@link Arguments#refusal} tells; the position moves on in
   * it even while it is not whole.
   *
   * @param from where it begins; where the last one was not whole, it is that one again, unless
   *     {@link #forget} says otherwise
   * @param limit where the bytes end
   * @throws RespException when this is no command: the connection is to be closed after the error
   */
  @Nullable Arguments next(byte[] in, int from, int limit) {
    position = from;
    RefusedInput passing = refused;
    if (passing != null) {
      return passOver(passing, in, limit);
    }
    while (position < limit) {
      boolean isArray = in[position] == '*';
      passedOver = false;
      Arguments command = isArray ? array(in, limit) : inline(in, limit);
      if (!passedOver) {
        return command;
      }
    }
    bytesNeeded = 1;
    return null;
  }

  private @Nullable Arguments array(byte[] in, int limit) {
    int start = position;
    int count = announced;
    int at = start + seenBytes;
    int first = seenArguments;
    if (seenBytes == 0) {
      long number = number(in, start + 1, limit, "ERR Protocol error: invalid multibulk length");
      if (line < 0) {
        return incomplete(limit - start + 1);
      }
      if (number > argumentsMax) {
        throw new RespException("ERR Protocol error: invalid multibulk length");
      }
      if (number <= 0) {
        position = line;
        passedOver = true;
        return null;
      }
      count = (int) number;
      at = line;
      first = 0;
    }
    seenBytes = 0;
    for (int i = first; i < count; i++) {
      if (at >= limit) {
        return incomplete(at - start + 4, at - start, i, count);
      }
      long length = length(in, at, limit);
      if (line < 0) {
        return incomplete(limit - start + 1, at - start, i, count);
      }
      String refusal = refusal(length, line + length + END_BYTES - start);
      if (refusal != null) {
        position = at;
        refused = new RefusedInput(i == 0 ? NO_NAME : name(in, start), refusal, count - i);
        return passOver(refused, in, limit);
      }
      int end = line + (int) length;
      if (end + END_BYTES > limit) {
        return incomplete(end + END_BYTES - start, at - start, i, count);
      }
      note(i, line - start, (int) length);
      at = end + END_BYTES;
    }
    position = at;
    return copy(in, start, count);
  }

  /** The length that is told here; see {@link #line}. */
  private long length(byte[] in, int at, int limit) {
    if (in[at] != '$') {
      throw new RespException(
          "ERR Protocol error: expected '$', got '%s'".formatted((char) (in[at] & 0xFF)));
    }
    long length = number(in, at + 1, limit, LENGTH_INVALID);
    if (length < 0 || length > LENGTH_MAX) {
      throw new RespException(LENGTH_INVALID);
    }
    return length;
  }

  private @Nullable String refusal(long argumentBytes, long commandBytes) {
    if (argumentBytes > bulkBytesMax) {
      return "ERR argument of %d bytes: expected at most %d (max-value-size)"
          .formatted(argumentBytes, bulkBytesMax);
    }
    return commandBytes > commandBytesMax
        ? "ERR command of %d bytes or more: expected at most %d (resp.max-command)"
            .formatted(commandBytes, commandBytesMax)
        : null;
  }

  /** The refused command, when the last byte of it has come; till then null. */
  private @Nullable Arguments passOver(RefusedInput passing, byte[] in, int limit) {
    while (true) {
      position += passing.skip(limit - position);
      if (passing.isWithinArgument()) {
        return incomplete(1);
      }
      if (!passing.hasMore()) {
        refused = null;
        return passing.command();
      }
      if (position >= limit) {
        return incomplete(1);
      }
      long length = length(in, position, limit);
      if (line < 0) {
        return incomplete(limit - position + 1);
      }
      position = line;
      passing.begin(length + END_BYTES);
    }
  }

  private void note(int argument, int offset, int length) {
    if (2 * argument + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    offsets[2 * argument] = offset;
    offsets[2 * argument + 1] = length;
  }

  private Arguments copy(byte[] in, int start, int count) {
    byte[][] values = count == 1 ? NO_VALUES : new byte[count - 1][];
    for (int i = 1; i < count; i++) {
      values[i - 1] = part(in, start, i);
    }
    byte[] name = name(in, start);
    if (offsets.length > OFFSETS_KEPT_MAX) {
      offsets = new int[OFFSETS_AT_FIRST];
    }
    return new Arguments(name, values);
  }

  private byte[] name(byte[] in, int start) {
    int from = start + offsets[0];
    if (Arrays.equals(name, 0, name.length, in, from, from + offsets[1])) {
      return name;
    }
    byte[] next = part(in, start, 0);
    if (next.length <= NAME_KEPT_MAX) {
      name = next;
    }
    return next;
  }

  private byte[] part(byte[] in, int start, int argument) {
    byte[] part = new byte[offsets[2 * argument + 1]];
    System.arraycopy(in, start + offsets[2 * argument], part, 0, part.length);
    return part;
  }

  /** Remembers what was seen of a command, up to the argument that is not whole. */
  private @Nullable Arguments incomplete(int needed, int seen, int arguments, int count) {
    seenBytes = seen;
    seenArguments = arguments;
    announced = count;
    return incomplete(needed);
  }

  private @Nullable Arguments incomplete(int needed) {
    bytesNeeded = needed;
    return null;
  }

  /** The number from here to the line's end; {@link #line} is where the next begins, or -1. */
  private long number(byte[] in, int from, int limit, String otherwise) {
    long sum = 0;
    int at = from;
    boolean negative = at < limit && in[at] == '-';
    at += negative ? 1 : 0;
    int end = Math.min(limit, from + NUMBER_BYTES_MAX);
    int first = at;
    while (at < end && in[at] != '\r') {
      int digit = in[at] - '0';
      if (digit < 0 || digit > 9 || sum > Integer.MAX_VALUE) {
        throw new RespException(otherwise);
      }
      sum = sum * 10 + digit;
      at++;
    }
    if (at + 1 >= limit) {
      if (at >= from + NUMBER_BYTES_MAX) {
        throw new RespException(otherwise);
      }
      line = -1;
      return 0;
    }
    if (at == first || at >= end) {
      throw new RespException(otherwise);
    }
    line = at + 2;
    return negative ? -sum : sum;
  }

  private @Nullable Arguments inline(byte[] in, int limit) {
    int end = position;
    while (end < limit && in[end] != '\n') {
      end++;
    }
    if (end - position > INLINE_BYTES_MAX) {
      throw new RespException("ERR Protocol error: too big inline request");
    }
    if (end == limit) {
      return incomplete(limit - position + 1);
    }
    List<byte[]> words = InlineWords.split(in, position, end);
    position = end + 1;
    if (words.isEmpty()) {
      passedOver = true;
      return null;
    }
    List<byte[]> values = new ArrayList<>(words.subList(1, words.size()));
    return new Arguments(words.getFirst(), values.toArray(NO_VALUES));
  }
}
