package dev.mayfly.resp;

import dev.mayfly.store.Entry;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.UnlockRequest;
import java.util.Map;

/** Our own commands: locks with their fencing tokens, and modification revisions. Stateless. */
final class LockCommands {
  private final RespDoor door;

  LockCommands(RespDoor door) {
    this.door = door;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("mf.lock", (arguments, session) -> lock(arguments));
    handlers.put("mf.unlock", (arguments, session) -> unlock(arguments));
    handlers.put("mf.getrev", (arguments, session) -> getRevision(arguments));
  }

  /** MF.LOCK key milliseconds [CREATE] [EXTEND]: the fencing token. */
  private Action lock(Arguments arguments) {
    long millis = arguments.integer(2);
    boolean creates = false;
    boolean extend = false;
    for (int at = 3; at < arguments.count(); at++) {
      if (arguments.is(at, "create")) {
        creates = true;
      } else if (arguments.is(at, "extend")) {
        extend = true;
      } else {
        throw RespException.syntax();
      }
    }
    return Action.write(
        new LockRequest(arguments.bytes(1), millis, creates, extend, door.config().rules()),
        (result, out) -> out.integer(result instanceof LockResult lock ? lock.token() : 0));
  }

  /** MF.UNLOCK key [token]. */
  private static Action unlock(Arguments arguments) {
    if (arguments.count() > 3) {
      throw RespException.syntax();
    }
    long token = arguments.count() == 3 ? arguments.integer(2) : 0;
    return Action.write(new UnlockRequest(arguments.bytes(1), token), (result, out) -> out.ok());
  }

  /** MF.GETREV key: the value and its modification revision, or nil. */
  private static Action getRevision(Arguments arguments) {
    return Action.read(
        ReadRequest.value(arguments.bytes(1)),
        (result, out) -> {
          if (result instanceof Entry entry) {
            out.array(2);
            out.bulk(entry.value());
            out.integer(entry.revision());
          } else {
            out.nilArray();
          }
        });
  }
}
