package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** CLIENT and its subcommands. Stateless. */
final class ClientCommands {
  private static final int NAME_LENGTH_MAX = 256;
  private static final String NO_SUCH_CLIENT = "ERR No such client";
  private static final String NO_CLIENT_ID = "ERR client-id should be greater than 0";

  private final RespDoor door;
  private final TrackingCommands tracking;

  ClientCommands(RespDoor door) {
    this.door = door;
    tracking = new TrackingCommands(door);
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("client", (arguments, session) -> client(arguments, session));
  }

  private Action client(Arguments arguments, Session session) {
    return switch (arguments.word(1)) {
      case "setname" -> {
        String name = requireName(arguments.text(2));
        yield done(() -> session.name(name));
      }
      case "getname" ->
          (Action.Now)
              out -> {
                if (session.name().isEmpty()) {
                  out.nil();
                } else {
                  out.bulk(session.name());
                }
              };
      case "id" -> (Action.Now) out -> out.integer(session.id());
      case "setinfo" -> setInfo(arguments, session);
      case "info" -> (Action.Now) out -> out.verbatim(line(session) + "\n");
      case "list" -> list(arguments);
      case "kill" -> kill(arguments, session);
      case "reply" -> reply(arguments, session);
      case "no-evict" -> {
        boolean spared = onOrOff(arguments.word(2));
        yield done(() -> session.evictionSpared(spared));
      }
      case "no-touch" -> {
        boolean untouching = onOrOff(arguments.word(2));
        yield done(() -> session.untouching(untouching));
      }
      case "tracking" -> tracking.tracking(arguments, session);
      case "caching" -> tracking.caching(arguments, session);
      case "getredir" -> tracking.redirect(session);
      case "trackinginfo" -> tracking.info(session);
      default -> throw Texts.wrongSubcommand("client", arguments);
    };
  }

  private static boolean onOrOff(String word) {
    return switch (word) {
      case "on" -> true;
      case "off" -> false;
      default -> throw RespException.syntax();
    };
  }

  /** A name without spaces, line ends and special characters. */
  static String requireName(String name) {
    boolean plain = name.length() <= NAME_LENGTH_MAX;
    for (int i = 0; i < name.length() && plain; i++) {
      plain = name.charAt(i) > ' ' && name.charAt(i) < 0x7F;
    }
    if (!plain) {
      throw new RespException(
          "ERR Client names cannot contain spaces, newlines or special characters.");
    }
    return name;
  }

  private static Action setInfo(Arguments arguments, Session session) {
    String value = arguments.text(3);
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) <= ' ' || value.length() > NAME_LENGTH_MAX) {
        throw new RespException(
            "ERR %s cannot contain spaces, newlines or special characters."
                .formatted(arguments.word(2)));
      }
    }
    return switch (arguments.word(2)) {
      case "lib-name" -> done(() -> session.library(value));
      case "lib-ver" -> done(() -> session.libraryVersion(value));
      default ->
          throw new RespException("ERR Unrecognized option '%s'".formatted(arguments.text(2)));
    };
  }

  /** Only when its turn has come: a transaction may be given up. */
  private static Action done(Runnable change) {
    return (Action.Now)
        out -> {
          change.run();
          out.ok();
        };
  }

  private Action list(Arguments arguments) {
    List<Session> shown = new ArrayList<>();
    if (arguments.count() == 2) {
      shown.addAll(door.sessions());
    } else if (arguments.count() == 4 && arguments.is(2, "type")) {
      shown.addAll(ofType(arguments.word(3)));
    } else if (arguments.count() > 3 && arguments.is(2, "id")) {
      for (int at = 3; at < arguments.count(); at++) {
        Session session = door.session(arguments.integer(at, "ERR Invalid client ID"));
        if (session != null) {
          shown.add(session);
        }
      }
    } else {
      throw RespException.syntax();
    }
    shown.sort(Comparator.comparingLong(Session::id));
    return (Action.Now)
        out -> {
          StringBuilder text = new StringBuilder();
          shown.forEach(session -> text.append(line(session)).append('\n'));
          out.verbatim(text.toString());
        };
  }

  private Collection<Session> ofType(String type) {
    return switch (type) {
      case "normal" -> door.sessions().stream().filter(s -> s.subscribed() == 0).toList();
      case "pubsub" -> door.sessions().stream().filter(s -> s.subscribed() > 0).toList();
      case "master", "replica", "slave" -> List.of();
      default -> throw new RespException("ERR Unknown client type '%s'".formatted(type));
    };
  }

  private String line(Session session) {
    long now = door.store().time().millis();
    return String.format(
        Locale.ROOT,
        "id=%d addr=%s laddr=%s name=%s age=%d idle=%d flags=%s db=0 sub=%d psub=%d ssub=0"
            + " multi=%d cmd=%s user=default redir=%d resp=%d lib-name=%s lib-ver=%s",
        session.id(),
        session.address(),
        session.localAddress(),
        session.name(),
        (now - session.connectedMillis()) / 1000,
        (now - session.lastMillis()) / 1000,
        flags(session),
        session.channels(),
        session.patterns(),
        session.transaction().size(),
        session.lastCommand(),
        TrackingCommands.redirectOf(session),
        session.isResp3() ? 3 : 2,
        session.library(),
        session.libraryVersion());
  }

  private static String flags(Session session) {
    Tracker tracker = session.tracker();
    String flags =
        (session.subscribed() > 0 ? "P" : "")
            + (session.transaction().size() >= 0 ? "x" : "")
            + (tracker == null ? "" : "t")
            + (tracker != null && tracker.terms().broadcast() ? "B" : "")
            + (tracker != null && tracker.isRedirectBroken() ? "R" : "")
            + (session.isEvictionSpared() ? "e" : "");
    return flags.isEmpty() ? "N" : flags;
  }

  private Action kill(Arguments arguments, Session own) {
    if (arguments.count() == 3) {
      String address = arguments.text(2);
      List<Session> found =
          door.sessions().stream().filter(s -> s.address().equals(address)).toList();
      if (found.isEmpty()) {
        throw new RespException(NO_SUCH_CLIENT);
      }
      return (Action.Now)
          out -> {
            out.ok();
            found.forEach(session -> end(session, own));
          };
    }
    List<Session> found = new ArrayList<>(door.sessions());
    boolean ownSkipped = true;
    for (int at = 2; at < arguments.count(); at += 2) {
      if (at + 1 == arguments.count()) {
        throw RespException.syntax();
      }
      String value = arguments.text(at + 1);
      switch (arguments.word(at)) {
        case "id" -> {
          long id = arguments.integer(at + 1, NO_CLIENT_ID);
          if (id < 1) {
            throw new RespException(NO_CLIENT_ID);
          }
          found.removeIf(session -> session.id() != id);
        }
        case "addr" -> found.removeIf(session -> !session.address().equals(value));
        case "laddr" -> found.removeIf(session -> !session.localAddress().equals(value));
        case "user" -> {
          if (!value.equals("default")) {
            throw new RespException("ERR No such user '%s'".formatted(value));
          }
        }
        case "type" -> found.retainAll(ofType(arguments.word(at + 1)));
        case "skipme" -> ownSkipped = skipped(arguments.word(at + 1));
        default -> throw RespException.syntax();
      }
    }
    if (ownSkipped) {
      found.remove(own);
    }
    return (Action.Now)
        out -> {
          out.integer(found.size());
          found.forEach(session -> end(session, own));
        };
  }

  private static boolean skipped(String word) {
    return switch (word) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw RespException.syntax();
    };
  }

  private static void end(Session session, Session own) {
    if (session.id() == own.id()) {
      own.close();
    } else {
      session.kill();
    }
  }

  private static Action reply(Arguments arguments, Session session) {
    Session.ReplyMode mode =
        switch (arguments.word(2)) {
          case "on" -> Session.ReplyMode.ON;
          case "off" -> Session.ReplyMode.OFF;
          case "skip" -> Session.ReplyMode.SKIP_NEXT;
          default -> throw RespException.syntax();
        };
    return (Action.Now)
        out -> {
          if (mode == Session.ReplyMode.ON) {
            session.replyMode(mode);
            out.ok();
          } else if (session.replyMode() != Session.ReplyMode.OFF) {
            session.replyMode(mode);
          }
        };
  }
}
