package dev.mayfly.resp;

import dev.mayfly.store.AppendRequest;
import dev.mayfly.store.Condition;
import dev.mayfly.store.DecimalResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.IncrementDecimalRequest;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.Operation;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReadAndExpireRequest;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRangeRequest;
import dev.mayfly.store.SetRequest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands on values, but SET and bits. Stateless. */
final class StringCommands {
  private static final List<String> INFINITE = List.of("inf", "+inf", "-inf", "infinity");
  private static final int FLOAT_CHARS_MAX = 256;

  private final Rules rules;

  StringCommands(Rules rules) {
    this.rules = rules;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("get", (a, s) -> Action.read(ReadRequest.value(a.bytes(1)), Action::value));
    handlers.put("getdel", (a, s) -> Action.write(new PopRequest(a.bytes(1)), Action::value));
    handlers.put("getex", (a, s) -> getAndExpire(a));
    handlers.put("mget", (a, s) -> readMany(a));
    handlers.put("mset", (a, s) -> setMany(a, "mset", Condition.ALWAYS));
    handlers.put("append", (a, s) -> number(new AppendRequest(a.bytes(1), a.bytes(2), rules)));
    handlers.put("strlen", (a, s) -> length(a));
    handlers.put("getrange", (a, s) -> range(a));
    handlers.put("substr", (a, s) -> range(a));
    handlers.put("setrange", (a, s) -> setRange(a));
    handlers.put("incr", (a, s) -> increment(a.bytes(1), 1));
    handlers.put("decr", (a, s) -> increment(a.bytes(1), -1));
    handlers.put("incrby", (a, s) -> increment(a.bytes(1), a.integer(2)));
    handlers.put("decrby", (a, s) -> decrementBy(a));
    handlers.put("incrbyfloat", (a, s) -> incrementByFloat(a));
  }

  private static Action number(KeyMutation<NumberResult> request) {
    return Action.write(request, StringCommands::number);
  }

  private static void number(@Nullable Object result, ReplyBuffer out) {
    out.integer(result instanceof NumberResult number ? number.number() : 0);
  }

  private Action getAndExpire(Arguments arguments) {
    if (arguments.count() == 2) {
      return Action.read(ReadRequest.value(arguments.bytes(1)), Action::value);
    }
    String option = arguments.word(2);
    Lifespan lifespan;
    if (option.equals("persist") && arguments.count() == 3) {
      lifespan = Lifespan.CLEAR;
    } else if (arguments.count() == 4 && List.of("ex", "px", "exat", "pxat").contains(option)) {
      Expiry.Unit unit = Expiry.Unit.valueOf(option.toUpperCase(Locale.ROOT));
      try {
        lifespan = Expiry.positive(arguments.integer(3), unit, "getex");
      } catch (RespException e) {
        return refusedIfThere(arguments.bytes(1), e);
      }
    } else {
      throw RespException.syntax();
    }
    return Action.write(
        new ReadAndExpireRequest(arguments.bytes(1), lifespan, rules), Action::value);
  }

  /** A key that does not exist is told as such even where an argument is wrong. */
  private static Action refusedIfThere(byte[] key, RespException refusal) {
    return Action.read(
        ReadRequest.metadata(key),
        (result, out) -> {
          if (result != null) {
            throw refusal;
          }
          out.nil();
        });
  }

  private static Action readMany(Arguments arguments) {
    List<Operation> reads = new ArrayList<>(arguments.values().length);
    for (byte[] key : arguments.values()) {
      reads.add(new Operation.Read(ReadRequest.value(key)));
    }
    return new Action.Many(
        reads,
        false,
        (results, out) -> {
          out.array(results.size());
          results.forEach(result -> Action.value(result, out));
        });
  }

  /** All of them in one step; of a key that is named twice, the last value counts. */
  private Action setMany(Arguments arguments, String command, Condition condition) {
    if (arguments.count() % 2 == 0) {
      throw new RespException("ERR wrong number of arguments for '%s' command".formatted(command));
    }
    Map<ByteKey, Operation> sets = LinkedHashMap.newLinkedHashMap(arguments.count() / 2);
    for (int at = 1; at < arguments.count(); at += 2) {
      SetRequest set =
          new SetRequest(
              arguments.bytes(at),
              arguments.bytes(at + 1),
              null,
              condition,
              Lifespan.UNSTATED,
              0,
              false,
              rules);
      sets.put(new ByteKey(arguments.bytes(at)), new Operation.Write(set));
    }
    return new Action.Many(List.copyOf(sets.values()), true, (results, out) -> out.ok());
  }

  private static Action length(Arguments arguments) {
    return Action.read(
        ReadRequest.metadata(arguments.bytes(1)),
        (result, out) -> out.integer(result instanceof Entry entry ? entry.size() : 0));
  }

  private static Action range(Arguments arguments) {
    long from = arguments.integer(2);
    long to = arguments.integer(3);
    return Action.read(
        ReadRequest.range(arguments.bytes(1), from, to),
        (result, out) -> out.bulk(result instanceof Entry entry ? entry.value() : new byte[0]));
  }

  private Action setRange(Arguments arguments) {
    long offset = arguments.integer(2);
    if (offset < 0) {
      throw new RespException("ERR offset is out of range");
    }
    return number(new SetRangeRequest(arguments.bytes(1), offset, arguments.bytes(3), rules));
  }

  private Action increment(byte[] key, long by) {
    return number(new IncrementRequest(key, by, Lifespan.UNSTATED, rules));
  }

  private Action decrementBy(Arguments arguments) {
    long by = arguments.integer(2);
    if (by == Long.MIN_VALUE) {
      throw new RespException("ERR decrement would overflow");
    }
    return increment(arguments.bytes(1), -by);
  }

  private Action incrementByFloat(Arguments arguments) {
    if (INFINITE.contains(arguments.word(2))) {
      return infinite(arguments.bytes(1));
    }
    return Action.write(
        new IncrementDecimalRequest(arguments.bytes(1), decimal(arguments.text(2)), rules),
        (result, out) ->
            out.bulk(result instanceof DecimalResult decimal ? decimal.number() : "0"));
  }

  /** To add what is infinite is an error, but of a value that is no number that is told first. */
  private static Action infinite(byte[] key) {
    return Action.read(
        ReadRequest.value(key),
        (result, out) -> {
          if (result instanceof Entry entry) {
            decimal(new String(entry.value(), StandardCharsets.UTF_8));
          }
          throw new RespException("ERR increment would produce NaN or Infinity");
        });
  }

  private static BigDecimal decimal(String text) {
    try {
      if (text.length() <= FLOAT_CHARS_MAX) {
        return new BigDecimal(text);
      }
    } catch (NumberFormatException e) {
      // Told below, as any other text that is too long for a number.
    }
    throw new RespException("ERR value is not a valid float");
  }
}
