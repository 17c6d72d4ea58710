package dev.mayfly.resp;

import dev.mayfly.store.Entry;
import dev.mayfly.store.ExpireRequest;
import dev.mayfly.store.ExpireResult;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands on deadlines. Stateless. */
final class ExpiryCommands {
  private static final long NO_KEY = -2;
  private static final long NO_DEADLINE = -1;
  private static final long HALF_SECOND = 500;
  private static final long SECOND = 1000;

  private final Rules rules;

  ExpiryCommands(Rules rules) {
    this.rules = rules;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("expire", (a, s) -> expire(a, s, Expiry.Unit.EX, "expire"));
    handlers.put("pexpire", (a, s) -> expire(a, s, Expiry.Unit.PX, "pexpire"));
    handlers.put("expireat", (a, s) -> expire(a, s, Expiry.Unit.EXAT, "expireat"));
    handlers.put("pexpireat", (a, s) -> expire(a, s, Expiry.Unit.PXAT, "pexpireat"));
    handlers.put("persist", (a, s) -> persist(a));
    handlers.put("ttl", (a, s) -> told(a, s, true, false));
    handlers.put("pttl", (a, s) -> told(a, s, false, false));
    handlers.put("expiretime", (a, s) -> told(a, s, true, true));
    handlers.put("pexpiretime", (a, s) -> told(a, s, false, true));
  }

  private Action expire(Arguments arguments, Session session, Expiry.Unit unit, String command) {
    ExpireRequest.When when = when(arguments);
    long number = arguments.integer(2);
    Lifespan lifespan = Expiry.any(number, unit, session.stamp().timeMillis(), command);
    return Action.write(
        new ExpireRequest(arguments.bytes(1), lifespan, when, rules),
        (result, out) -> out.flag(result instanceof ExpireResult done && done.changed()));
  }

  private static ExpireRequest.When when(Arguments arguments) {
    boolean none = false;
    boolean any = false;
    boolean later = false;
    boolean earlier = false;
    for (int at = 3; at < arguments.count(); at++) {
      switch (arguments.word(at)) {
        case "nx" -> none = true;
        case "xx" -> any = true;
        case "gt" -> later = true;
        case "lt" -> earlier = true;
        default ->
            throw new RespException(
                "ERR Unsupported option " + Texts.untilZero(arguments.text(at)));
      }
    }
    if (none && (any || later || earlier)) {
      throw new RespException(
          "ERR NX and XX, GT or LT options at the same time are not compatible");
    }
    if (later && earlier) {
      throw new RespException("ERR GT and LT options at the same time are not compatible");
    }
    if (later) {
      return ExpireRequest.When.IF_LATER;
    }
    if (earlier) {
      return any ? ExpireRequest.When.IF_ANY_AND_EARLIER : ExpireRequest.When.IF_EARLIER;
    }
    return none
        ? ExpireRequest.When.IF_NONE
        : any ? ExpireRequest.When.IF_ANY : ExpireRequest.When.ALWAYS;
  }

  private Action persist(Arguments arguments) {
    return Action.write(
        new ExpireRequest(arguments.bytes(1), Lifespan.CLEAR, ExpireRequest.When.IF_ANY, rules),
        (result, out) -> out.flag(result instanceof ExpireResult done && done.changed()));
  }

  private static Action told(
      Arguments arguments, Session session, boolean seconds, boolean absolute) {
    long now = session.stamp().timeMillis();
    return Action.read(
        ReadRequest.metadata(arguments.bytes(1)),
        (result, out) -> out.integer(told(result, now, seconds, absolute)));
  }

  private static long told(
      @Nullable Object result, long nowMillis, boolean seconds, boolean absolute) {
    if (!(result instanceof Entry entry)) {
      return NO_KEY;
    }
    if (entry.deadlineMillis() == 0) {
      return NO_DEADLINE;
    }
    long millis = absolute ? entry.deadlineMillis() : entry.remainingMillis(nowMillis);
    if (!seconds) {
      return millis;
    }
    return absolute ? millis / SECOND : (millis + HALF_SECOND) / SECOND;
  }
}
