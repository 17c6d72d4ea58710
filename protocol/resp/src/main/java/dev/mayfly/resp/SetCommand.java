package dev.mayfly.resp;

import dev.mayfly.store.Condition;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SET with its options, and the older commands for the same. Stateless. */
final class SetCommand {
  private final Rules rules;

  SetCommand(Rules rules) {
    this.rules = rules;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("set", (arguments, session) -> set(arguments));
    handlers.put("setnx", (arguments, session) -> setIfAbsent(arguments));
    handlers.put("setex", (arguments, session) -> setFor(arguments, Expiry.Unit.EX, "setex"));
    handlers.put("psetex", (arguments, session) -> setFor(arguments, Expiry.Unit.PX, "psetex"));
    handlers.put("getset", (arguments, session) -> getSet(arguments));
  }

  private Action set(Arguments arguments) {
    if (arguments.count() == 3) {
      return write(arguments.bytes(1), arguments.bytes(2), new Options(), SetCommand::okOrNil);
    }
    Options options = new Options();
    for (int at = 3; at < arguments.count(); at++) {
      at = options.read(arguments, at);
    }
    return write(
        arguments.bytes(1),
        arguments.bytes(2),
        options,
        options.previousWanted ? SetCommand::previous : SetCommand::okOrNil);
  }

  /** The options of SET; each of their kinds once. */
  private static final class Options {
    Condition condition = Condition.ALWAYS;
    @Nullable Lifespan lifespan;
    Expiry.@Nullable Unit unit;
    byte @Nullable [] time;
    boolean previousWanted;

    /** Reads the option at this place; returns the place of its last argument. */
    int read(Arguments arguments, int at) {
      switch (arguments.word(at)) {
        case "nx" -> condition(Condition.IF_ABSENT);
        case "xx" -> condition(Condition.IF_PRESENT);
        case "get" -> previousWanted = true;
        case "keepttl" -> keep();
        case "ifeq" -> {
          requireMore(arguments, at);
          condition(Condition.ifValue(arguments.bytes(at + 1)));
          return at + 1;
        }
        case "ex", "px", "exat", "pxat" -> {
          requireMore(arguments, at);
          time(Expiry.Unit.valueOf(arguments.word(at).toUpperCase(Locale.ROOT)));
          time = arguments.bytes(at + 1);
          return at + 1;
        }
        default -> throw RespException.syntax();
      }
      return at;
    }

    private static void requireMore(Arguments arguments, int at) {
      if (at + 1 >= arguments.count()) {
        throw RespException.syntax();
      }
    }

    private void condition(Condition wanted) {
      if (condition.kind() != Condition.Kind.ALWAYS && condition.kind() != wanted.kind()) {
        throw RespException.syntax();
      }
      condition = wanted;
    }

    private void time(Expiry.Unit wanted) {
      if (lifespan != null || (unit != null && unit != wanted)) {
        throw RespException.syntax();
      }
      unit = wanted;
    }

    private void keep() {
      if (unit != null) {
        throw RespException.syntax();
      }
      lifespan = Lifespan.KEEP;
    }

    /** What the options say, once all of them are read. */
    Lifespan lifespan() {
      if (unit != null && time != null) {
        return Expiry.positive(Arguments.integer(time, RespException.NOT_AN_INTEGER), unit, "set");
      }
      return lifespan == null ? Lifespan.UNSTATED : lifespan;
    }
  }

  private Action write(byte[] key, byte[] value, Options options, Action.Answer answer) {
    Lifespan lifespan = options.lifespan();
    return Action.write(
        new SetRequest(
            key, value, null, options.condition, lifespan, 0, options.previousWanted, rules),
        answer);
  }

  private static void okOrNil(@Nullable Object result, ReplyBuffer out) {
    if (result instanceof SetResult set && set.applied()) {
      out.ok();
    } else {
      out.nil();
    }
  }

  private static void previous(@Nullable Object result, ReplyBuffer out) {
    if (result instanceof SetResult set && set.previous() != null) {
      out.bulk(set.previous());
    } else {
      out.nil();
    }
  }

  private Action setIfAbsent(Arguments arguments) {
    Options options = new Options();
    options.condition = Condition.IF_ABSENT;
    return write(
        arguments.bytes(1),
        arguments.bytes(2),
        options,
        (result, out) -> out.flag(result instanceof SetResult set && set.applied()));
  }

  private Action setFor(Arguments arguments, Expiry.Unit unit, String command) {
    Options options = new Options();
    options.lifespan = Expiry.positive(arguments.integer(2), unit, command);
    return write(arguments.bytes(1), arguments.bytes(3), options, SetCommand::okOrNil);
  }

  private Action getSet(Arguments arguments) {
    Options options = new Options();
    options.previousWanted = true;
    return write(arguments.bytes(1), arguments.bytes(2), options, SetCommand::previous);
  }
}
