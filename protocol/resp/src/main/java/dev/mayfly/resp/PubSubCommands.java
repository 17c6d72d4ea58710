package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands on channels. Stateless. */
final class PubSubCommands {
  private final RespDoor door;

  PubSubCommands(RespDoor door) {
    this.door = door;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("subscribe", (a, s) -> subscribe(a, s, false));
    handlers.put("psubscribe", (a, s) -> subscribe(a, s, true));
    handlers.put("unsubscribe", (a, s) -> unsubscribe(a, s, false));
    handlers.put("punsubscribe", (a, s) -> unsubscribe(a, s, true));
    handlers.put("publish", (a, s) -> publish(a));
    handlers.put("pubsub", (a, s) -> pubSub(a));
  }

  private Action subscribe(Arguments arguments, Session session, boolean pattern) {
    int more = arguments.values().length;
    if (session.subscriptionCount() + more > door.config().subscriptionsMax()) {
      throw new RespException(
          "ERR more than %d subscriptions".formatted(door.config().subscriptionsMax()));
    }
    return (Action.Now)
        out -> {
          List<ByteKey> names = Arrays.stream(arguments.values()).map(ByteKey::new).toList();
          session.subscriptions().reserve(names, pattern);
          for (ByteKey name : names) {
            session.subscriptions().add(name, pattern);
            door.channels().subscribe(name, pattern, session);
            session.countSubscriptions();
            told(out, pattern ? "psubscribe" : "subscribe", name.bytes(), session);
          }
        };
  }

  private Action unsubscribe(Arguments arguments, Session session, boolean pattern) {
    return (Action.Now)
        out -> {
          String told = pattern ? "punsubscribe" : "unsubscribe";
          List<ByteKey> names = new ArrayList<>();
          if (arguments.values().length == 0) {
            names.addAll(session.subscriptions().of(pattern));
          }
          for (byte[] name : arguments.values()) {
            names.add(new ByteKey(name));
          }
          for (ByteKey name : names) {
            session.subscriptions().remove(name, pattern);
            door.channels().unsubscribe(name, pattern, session);
            session.countSubscriptions();
            told(out, told, name.bytes(), session);
          }
          if (names.isEmpty()) {
            told(out, told, null, session);
          }
        };
  }

  private static void told(ReplyBuffer out, String what, byte @Nullable [] name, Session session) {
    out.push(3);
    out.bulk(what);
    if (name == null) {
      out.nil();
    } else {
      out.bulk(name);
    }
    out.integer(session.subscriptions().count());
  }

  private Action publish(Arguments arguments) {
    return (Action.Now)
        out -> out.integer(door.channels().publish(arguments.bytes(1), arguments.bytes(2)));
  }

  private Action pubSub(Arguments arguments) {
    return switch (arguments.word(1)) {
      case "channels" -> {
        if (arguments.count() > 3) {
          throw Texts.wrongSubcommand("pubsub", arguments);
        }
        Glob glob = new Glob(arguments.count() == 3 ? arguments.bytes(2) : new byte[] {'*'});
        yield (Action.Now)
            out -> {
              List<byte[]> found = door.channels().channels(glob);
              out.array(found.size());
              found.forEach(out::bulk);
            };
      }
      case "numsub" ->
          (Action.Now)
              out -> {
                out.array(2 * (arguments.count() - 2));
                for (int at = 2; at < arguments.count(); at++) {
                  out.bulk(arguments.bytes(at));
                  out.integer(door.channels().subscribers(arguments.bytes(at)));
                }
              };
      case "numpat" -> (Action.Now) out -> out.integer(door.channels().patterns());
      default -> throw Texts.wrongSubcommand("pubsub", arguments);
    };
  }
}
