package dev.mayfly.resp;

import dev.mayfly.store.EventFilter;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** MF.WATCH and MF.UNWATCH: the event log, filtered and resumable. Stateless. */
final class WatchCommands {
  /** What a watch takes beside what was said of it. */
  private static final int FEED_BYTES = 2048;

  private final RespDoor door;

  WatchCommands(RespDoor door) {
    this.door = door;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("mf.watch", this::watch);
    handlers.put("mf.unwatch", this::unwatch);
  }

  /**
   * MF.WATCH [KEY key …] [PREFIX prefix] [PATTERN pattern] [KIND kind …] [CLIENT client …] [VALUES]
   * [STATE] [AFTER token] [SLOW NOTICE | DISCONNECT | COALESCE]: the number of the watch and the
   * token of the place where it begins. A word before each key, kind and client.
   */
  private Action watch(Arguments arguments, Session session) {
    if (session.transaction().isExecuting()) {
      throw new RespException("ERR MF.WATCH is not possible inside a transaction");
    }
    Wishes wishes = new Wishes(arguments);
    if (session.subscriptionCount() >= door.config().subscriptionsMax()) {
      throw new RespException(
          "ERR more than %d subscriptions".formatted(door.config().subscriptionsMax()));
    }
    return (Action.Now)
        out -> {
          WatchFeed feed = newFeed(wishes, bytes(arguments), session);
          session.add(feed);
          out.array(2);
          out.integer(feed.id());
          ResumeToken position = feed.position();
          if (position == null) {
            out.nil();
          } else {
            out.bulk(position.encode());
          }
          feed.start();
        };
  }

  /** The session's, which closes it: it remembers what was asked for. */
  private WatchFeed newFeed(Wishes wishes, long bytes, Session session) {
    session.kept().take(bytes);
    try {
      return new WatchFeed(
          door.nextWatchId(), session, door, wishes.request(), wishes.values, bytes);
    } catch (RuntimeException e) {
      session.kept().giveBack(bytes);
      throw e;
    }
  }

  private static long bytes(Arguments arguments) {
    long bytes = FEED_BYTES;
    for (byte[] value : arguments.values()) {
      bytes += value.length + KeptBytes.OVERHEAD;
    }
    return bytes;
  }

  /** What a client wants to watch. */
  private static final class Wishes {
    private final List<byte[]> keys = new ArrayList<>();
    private final List<EventKind> kinds = new ArrayList<>();
    private final List<String> clients = new ArrayList<>();
    private byte[] prefix = new byte[0];
    private @Nullable String pattern;
    private @Nullable ResumeToken after;
    private SlowPolicy slow = SlowPolicy.NOTICE;
    private boolean state;
    private boolean values;

    Wishes(Arguments arguments) {
      for (int at = 1; at < arguments.count(); at++) {
        if (arguments.is(at, "values")) {
          values = true;
        } else if (arguments.is(at, "state")) {
          state = true;
        } else if (at + 1 < arguments.count()) {
          take(arguments.word(at), ++at, arguments);
        } else {
          throw RespException.syntax();
        }
      }
    }

    private void take(String option, int at, Arguments arguments) {
      switch (option) {
        case "key" -> keys.add(arguments.bytes(at));
        case "prefix" -> prefix = arguments.bytes(at);
        case "pattern" -> pattern = arguments.text(at);
        case "kind" -> kinds.add(kind(arguments.word(at)));
        case "client" -> clients.add(arguments.text(at));
        case "after" -> after = ResumeToken.decode(arguments.text(at));
        case "slow" -> slow = slow(arguments.word(at));
        default -> throw RespException.syntax();
      }
    }

    private static EventKind kind(String word) {
      for (EventKind kind : EventKind.values()) {
        if (kind.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word)) {
          return kind;
        }
      }
      throw new RespException("ERR no such kind of event: '" + word + "'");
    }

    private static SlowPolicy slow(String word) {
      return switch (word) {
        case "notice" -> SlowPolicy.NOTICE;
        case "disconnect" -> SlowPolicy.DISCONNECT;
        case "coalesce" -> SlowPolicy.COALESCE;
        default -> throw RespException.syntax();
      };
    }

    WatchRequest request() {
      KeyFilter filter =
          pattern == null ? KeyFilter.prefix(prefix) : KeyFilter.pattern(prefix, pattern);
      return new WatchRequest(EventFilter.of(keys, filter, kinds, clients), after, state, slow);
    }
  }

  /** MF.UNWATCH [number]: how many watches ended. */
  private Action unwatch(Arguments arguments, Session session) {
    if (arguments.count() > 2) {
      throw RespException.syntax();
    }
    long id = arguments.count() == 2 ? arguments.integer(1) : 0;
    return (Action.Now)
        out -> {
          List<WatchFeed> ended =
              session.feeds().stream().filter(feed -> id == 0 || feed.id() == id).toList();
          ended.forEach(session::forget);
          ended.forEach(WatchFeed::close);
          out.integer(ended.size());
        };
  }
}
