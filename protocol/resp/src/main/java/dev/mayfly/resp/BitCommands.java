package dev.mayfly.resp;

import dev.mayfly.store.Entry;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetBitRequest;
import java.util.Map;

/** Commands on the bits of a value. Stateless. */
final class BitCommands {
  private static final String BAD_OFFSET = "ERR bit offset is not an integer or out of range";
  private static final String BAD_BIT = "ERR bit is not an integer or out of range";
  private static final long OFFSET_MAX = (1L << 32) - 1;

  private final Rules rules;

  BitCommands(Rules rules) {
    this.rules = rules;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("setbit", (arguments, session) -> setBit(arguments));
    handlers.put("getbit", (arguments, session) -> getBit(arguments));
    handlers.put("bitcount", (arguments, session) -> count(arguments));
  }

  private static long offset(Arguments arguments) {
    long bit = arguments.integer(2, BAD_OFFSET);
    if (bit < 0 || bit > OFFSET_MAX) {
      throw new RespException(BAD_OFFSET);
    }
    return bit;
  }

  private Action setBit(Arguments arguments) {
    long bit = offset(arguments);
    long on = arguments.integer(3, BAD_BIT);
    if (on < 0 || on > 1) {
      throw new RespException(BAD_BIT);
    }
    return Action.write(
        new SetBitRequest(arguments.bytes(1), bit, on == 1, rules),
        (result, out) -> out.integer(result instanceof NumberResult old ? old.number() : 0));
  }

  private static Action getBit(Arguments arguments) {
    long bit = offset(arguments);
    long at = bit >>> 3;
    return Action.read(
        ReadRequest.range(arguments.bytes(1), at, at),
        (result, out) -> {
          byte[] found = result instanceof Entry entry ? entry.value() : new byte[0];
          out.flag(found.length > 0 && (found[0] & 0x80 >>> (int) (bit & 7)) != 0);
        });
  }

  /** Of a key that does not exist nothing is counted, whatever else is asked. */
  private static Action count(Arguments arguments) {
    return Action.read(
        ReadRequest.value(arguments.bytes(1)),
        (result, out) ->
            out.integer(result instanceof Entry entry ? count(entry.value(), arguments) : 0));
  }

  private static long count(byte[] value, Arguments arguments) {
    if (arguments.count() == 3 || arguments.count() > 5) {
      throw RespException.syntax();
    }
    long from = arguments.count() > 2 ? arguments.integer(2) : 0;
    long to = arguments.count() > 2 ? arguments.integer(3) : -1;
    if (from < 0 && to < 0 && from > to) {
      // The unit is not looked at: no unit makes this range hold anything.
      return 0;
    }
    boolean bits = arguments.count() == 5 && arguments.is(4, "bit");
    if (arguments.count() == 5 && !bits && !arguments.is(4, "byte")) {
      throw RespException.syntax();
    }
    int unit = bits ? 1 : Byte.SIZE;
    long length = (long) value.length * Byte.SIZE / unit;
    long first = from < 0 ? Math.max(0, length + from) : from;
    long last = Math.min(length - 1, to < 0 ? Math.max(0, length + to) : to);
    return first > last ? 0 : bitsIn(value, first, last, unit);
  }

  /** Counts from the first to the last of units of so many bits. */
  private static long bitsIn(byte[] value, long first, long last, int unit) {
    long sum = 0;
    long end = (last + 1) * unit;
    long bit = first * unit;
    while (bit < end) {
      int b = value[(int) (bit >>> 3)] & 0xFF;
      if ((bit & 7) == 0 && end - bit >= 8) {
        sum += Integer.bitCount(b);
        bit += 8;
      } else {
        sum += b >>> (7 - (int) (bit & 7)) & 1;
        bit++;
      }
    }
    return sum;
  }
}
