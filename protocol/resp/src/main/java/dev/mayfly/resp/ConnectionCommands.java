package dev.mayfly.resp;

import java.util.Map;

/** Commands on the connection itself, but CLIENT. Stateless. */
final class ConnectionCommands {
  private static final String NO_PASSWORD =
      "ERR AUTH <password> called without any password configured for the default user. Are you"
          + " sure your configuration is correct?";
  private static final String WRONG_USER =
      "WRONGPASS invalid username-password pair or user is disabled.";

  private final RespDoor door;

  ConnectionCommands(RespDoor door) {
    this.door = door;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("ping", (a, s) -> ping(a, s));
    handlers.put("echo", (a, s) -> (Action.Now) out -> out.bulk(a.bytes(1)));
    handlers.put("select", (a, s) -> select(a));
    handlers.put("auth", (a, s) -> auth(a));
    handlers.put("hello", (a, s) -> hello(a, s));
    handlers.put("quit", (a, s) -> quit(s));
    handlers.put("reset", (a, s) -> reset(s));
  }

  private static Action ping(Arguments arguments, Session session) {
    if (arguments.count() > 2) {
      throw new RespException("ERR wrong number of arguments for 'ping' command");
    }
    byte[] text = arguments.count() == 2 ? arguments.bytes(1) : new byte[0];
    return (Action.Now)
        out -> {
          if (session.isSubscriber()) {
            out.array(2);
            out.bulk("pong");
            out.bulk(text);
          } else if (arguments.count() == 2) {
            out.bulk(text);
          } else {
            out.simple("PONG");
          }
        };
  }

  private static Action select(Arguments arguments) {
    long database = arguments.integer(1);
    if (database != 0) {
      throw new RespException("ERR DB index is out of range");
    }
    return Texts.ok();
  }

  private static Action auth(Arguments arguments) {
    if (arguments.count() == 2) {
      throw new RespException(NO_PASSWORD);
    }
    if (arguments.count() != 3) {
      throw RespException.syntax();
    }
    requireUser(arguments.text(1));
    return Texts.ok();
  }

  /** While nobody needs a password, the one user there is takes any. */
  private static void requireUser(String user) {
    if (!user.equals("default")) {
      throw new RespException(WRONG_USER);
    }
  }

  private Action hello(Arguments arguments, Session session) {
    boolean resp3 = session.isResp3();
    int at = 1;
    if (arguments.count() > 1) {
      long version = arguments.integer(1, "ERR Protocol version is not an integer or out of range");
      if (version < 2 || version > 3) {
        throw new RespException("NOPROTO unsupported protocol version");
      }
      resp3 = version == 3;
      at = 2;
    }
    String name = session.name();
    while (at < arguments.count()) {
      if (arguments.is(at, "auth") && at + 2 < arguments.count()) {
        requireUser(arguments.text(at + 1));
        at += 3;
      } else if (arguments.is(at, "setname") && at + 1 < arguments.count()) {
        name = ClientCommands.requireName(arguments.text(at + 1));
        at += 2;
      } else {
        throw new RespException(
            "ERR Syntax error in HELLO option '%s'".formatted(arguments.text(at)));
      }
    }
    String named = name;
    boolean isResp3 = resp3;
    return (Action.Now)
        out -> {
          session.name(named);
          session.resp3(isResp3);
          greet(session, out);
        };
  }

  private void greet(Session session, ReplyBuffer out) {
    out.version(session.isResp3());
    out.map(7);
    out.bulk("server");
    out.bulk(Original.NAME);
    out.bulk("version");
    out.bulk(Original.VERSION);
    out.bulk("proto");
    out.integer(session.isResp3() ? 3 : 2);
    out.bulk("id");
    out.integer(session.id());
    out.bulk("mode");
    out.bulk("standalone");
    out.bulk("role");
    out.bulk("master");
    out.bulk("modules");
    out.array(0);
  }

  private static Action quit(Session session) {
    return (Action.Now)
        out -> {
          out.ok();
          session.close();
        };
  }

  private Action reset(Session session) {
    return (Action.Now)
        out -> {
          door.channels().leave(session);
          door.tracking().end(session);
          session.reset();
          out.version(false);
          out.simple("RESET");
        };
  }
}
