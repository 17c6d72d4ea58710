package dev.mayfly.resp;

import dev.mayfly.store.Counters;
import dev.mayfly.store.Limit;
import dev.mayfly.store.Limits;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeRequest.Mode;
import dev.mayfly.store.TakeResult;
import java.util.Map;

/** Our own commands on counters and limits, and CL.THROTTLE of redis-cell. Stateless. */
final class CounterCommands {
  /** The namespace of the limits that CL.THROTTLE keeps. */
  private static final String THROTTLE = "cl.throttle";

  private static final String USAGE =
      "Cell error: Usage: cl.throttle <key> <max_burst> <count per period> <period> [<quantity>]";
  private static final long MILLIS_PER_SECOND = 1000;

  private final Counters counters;
  private final Limits limits;

  CounterCommands(RespStore store) {
    counters = store.counters();
    limits = store.limits();
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("cl.throttle", this::throttle);
    handlers.put("mf.hit", this::hit);
    handlers.put("mf.count", this::count);
    handlers.put("mf.take", this::take);
    handlers.put("mf.release", this::release);
  }

  /** MF.HIT namespace key [times]: how many events of the key are live now. */
  private Action hit(Arguments arguments, Session session) {
    if (arguments.count() > 4) {
      throw RespException.syntax();
    }
    long times = arguments.count() == 4 ? arguments.integer(3) : 1;
    return (Action.Now)
        out ->
            out.integer(counters.hit(arguments.bytes(1), arguments.bytes(2), times, now(session)));
  }

  private static long now(Session session) {
    return session.stamp().timeMillis();
  }

  /** MF.COUNT [namespace [key]]: how many events are live of a key, a namespace, or altogether. */
  private Action count(Arguments arguments, Session session) {
    return (Action.Now)
        out ->
            out.integer(
                switch (arguments.count()) {
                  case 1 -> counters.countAll(now(session));
                  case 2 -> counters.countNamespace(arguments.bytes(1), now(session));
                  case 3 -> counters.count(arguments.bytes(1), arguments.bytes(2), now(session));
                  default -> throw RespException.syntax();
                });
  }

  /**
   * MF.TAKE namespace key quantity limit [PEEK | SHADOW], where the limit is one of WINDOW quantity
   * milliseconds, GCRA quantity milliseconds burst, BUCKET capacity refill milliseconds, LEASES
   * quantity milliseconds, NAMED name.
   */
  private Action take(Arguments arguments, Session session) {
    String kind = arguments.word(4);
    int numbers =
        switch (kind) {
          case "window", "leases" -> 2;
          case "gcra", "bucket" -> 3;
          case "named" -> 1;
          default -> throw RespException.syntax();
        };
    int next = 5 + numbers;
    if (arguments.count() != next && arguments.count() != next + 1) {
      throw RespException.syntax();
    }
    Mode mode = Mode.TAKE;
    if (arguments.count() > next) {
      mode =
          switch (arguments.word(next)) {
            case "peek" -> Mode.PEEK;
            case "shadow" -> Mode.SHADOW;
            default -> throw RespException.syntax();
          };
    }
    TakeRequest request =
        new TakeRequest(
            arguments.bytes(1), arguments.bytes(2), arguments.integer(3), limit(arguments), mode);
    return (Action.Now) out -> write(limits.take(request, now(session)), out);
  }

  private Limit limit(Arguments arguments) {
    return switch (arguments.word(4)) {
      case "window" -> Limit.slidingWindow(arguments.integer(5), arguments.integer(6));
      case "gcra" -> Limit.gcra(arguments.integer(5), arguments.integer(6), arguments.integer(7));
      case "bucket" ->
          Limit.tokenBucket(arguments.integer(5), arguments.integer(6), arguments.integer(7));
      case "leases" -> Limit.concurrency(arguments.integer(5), arguments.integer(6));
      default -> limits.named(arguments.text(5));
    };
  }

  private static void write(TakeResult result, ReplyBuffer out) {
    out.map(7);
    out.bulk("allowed");
    out.flag(result.allowed());
    out.bulk("exceeded");
    out.flag(result.exceeded());
    out.bulk("limit");
    out.integer(result.limit());
    out.bulk("remaining");
    out.integer(result.remaining());
    out.bulk("retry-after");
    out.integer(result.retryAfterMillis());
    out.bulk("reset-after");
    out.integer(result.resetAfterMillis());
    out.bulk("lease");
    out.integer(result.lease());
  }

  /** MF.RELEASE namespace key lease: 1 if it was held. */
  private Action release(Arguments arguments, Session session) {
    long lease = arguments.integer(3);
    return (Action.Now)
        out ->
            out.flag(limits.release(arguments.bytes(1), arguments.bytes(2), lease, now(session)));
  }

  /** CL.THROTTLE key max_burst count period [quantity], with the replies of redis-cell. */
  private Action throttle(Arguments arguments, Session session) {
    if (arguments.count() != 5 && arguments.count() != 6) {
      throw new RespException(USAGE);
    }
    long burst = cellInteger(arguments.text(2));
    long count = cellInteger(arguments.text(3));
    long period = cellInteger(arguments.text(4));
    long quantity = arguments.count() == 6 ? cellInteger(arguments.text(5)) : 1;
    if (count == 0 || period == 0) {
      throw new RespException("Cell error: Zero rates are not supported");
    }
    long millis = period > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : period * MILLIS_PER_SECOND;
    Limit limit = Limit.gcra(count, millis, burst);
    byte[] namespace = Texts.utf8(THROTTLE);
    boolean peeks = quantity == 0;
    TakeRequest request =
        new TakeRequest(
            namespace,
            arguments.bytes(1),
            peeks ? 1 : quantity,
            limit,
            peeks ? Mode.PEEK : Mode.TAKE);
    return (Action.Now)
        out -> {
          TakeResult result = limits.take(request, now(session));
          boolean limited = !peeks && !result.allowed();
          out.array(5);
          out.flag(limited);
          out.integer(result.limit());
          out.integer(result.remaining());
          out.integer(limited ? seconds(result.retryAfterMillis(), limit) : -1);
          out.integer(seconds(result.resetAfterMillis(), limit));
        };
  }

  /**
   * Whole seconds, rounded up from whole milliseconds that were rounded down. Ours were rounded up,
   * so that they are one too many where a unit does not take whole milliseconds.
   */
  private static long seconds(long millis, Limit limit) {
    if (millis < 0) {
      return -1;
    }
    boolean exact = limit.periodMillis() % limit.quantity() == 0;
    long down = exact ? millis : Math.max(0, millis - 1);
    return Math.ceilDiv(down, MILLIS_PER_SECOND);
  }

  private static long cellInteger(String text) {
    try {
      if (text.chars().allMatch(c -> c < 0x80)) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException e) {
      // Told below, as what is not ASCII.
    }
    throw new RespException("Cell error: Couldn't parse as integer: " + text);
  }
}
