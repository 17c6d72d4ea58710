package dev.mayfly.resp;

import java.util.Map;

/** MULTI and what goes with it. Stateless. */
final class TransactionCommands {
  private final RespDoor door;

  TransactionCommands(RespDoor door) {
    this.door = door;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("multi", (a, s) -> multi(s));
    handlers.put("exec", (a, s) -> exec(s));
    handlers.put("discard", (a, s) -> discard(s));
    handlers.put("watch", (a, s) -> watch(a, s));
    handlers.put("unwatch", (a, s) -> unwatch(s));
  }

  private static Action multi(Session session) {
    if (session.transaction().isOpen()) {
      throw new RespException("ERR MULTI calls can not be nested");
    }
    session.transaction().open();
    return Texts.ok();
  }

  private Action exec(Session session) {
    ClientTransaction.Whole whole = session.transaction().take();
    if (whole == null) {
      throw new RespException("ERR EXEC without MULTI");
    }
    if (whole.isSpoilt()) {
      whole.watched().close();
      throw new RespException("EXECABORT Transaction discarded because of previous errors.");
    }
    return (Action.Now)
        out -> {
          session.transaction().executing(true);
          try (WatchedKeys watched = whole.watched()) {
            door.runner().execute(whole.commands(), watched, session, out);
          } finally {
            session.transaction().executing(false);
          }
        };
  }

  private static Action discard(Session session) {
    if (!session.transaction().isOpen()) {
      throw new RespException("ERR DISCARD without MULTI");
    }
    session.transaction().discard();
    return Texts.ok();
  }

  private Action watch(Arguments arguments, Session session) {
    if (session.transaction().isOpen()) {
      throw new RespException("ERR WATCH inside MULTI is not allowed");
    }
    int most = door.config().watchedKeysMax();
    if (session.transaction().watched().size() + arguments.values().length > most) {
      throw new RespException("ERR more than %d keys are watched".formatted(most));
    }
    for (byte[] key : arguments.values()) {
      session.transaction().watched().add(key, door.store(), session.stamp());
    }
    return Texts.ok();
  }

  private static Action unwatch(Session session) {
    session.transaction().watched().close();
    return Texts.ok();
  }
}
