package dev.mayfly.resp;

import dev.mayfly.store.TimeSource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Commands on the server as a whole. Stateless. */
final class ServerCommands {
  private static final long SLEEP_SECONDS_MAX = 60;

  private final RespDoor door;

  ServerCommands(RespDoor door) {
    this.door = door;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("command", new CommandCommand(door)::plan);
    handlers.put("config", new ConfigCommand(door)::plan);
    handlers.put("info", (arguments, session) -> info(arguments));
    handlers.put("time", (arguments, session) -> time());
    handlers.put("wait", (arguments, session) -> replicas(arguments));
    handlers.put("debug", (arguments, session) -> debug(arguments));
    handlers.put("lolwut", (arguments, session) -> lolwut());
  }

  private Action info(Arguments arguments) {
    return (Action.Now)
        out -> {
          List<String> wanted =
              Arrays.stream(arguments.values())
                  .map(value -> new String(value, StandardCharsets.UTF_8))
                  .toList();
          out.verbatim(new InfoText(door).of(wanted));
        };
  }

  private Action time() {
    return (Action.Now)
        out -> {
          long millis = door.store().time().millis();
          out.array(2);
          out.bulk(String.valueOf(millis / 1000));
          out.bulk(String.valueOf(millis % 1000 * 1000));
        };
  }

  /** There are no replicas: none has acknowledged anything, and none will. */
  private static Action replicas(Arguments arguments) {
    arguments.integer(1);
    if (arguments.integer(2, "ERR timeout is not an integer or out of range") < 0) {
      throw new RespException("ERR timeout is negative");
    }
    return (Action.Now) out -> out.integer(0);
  }

  private Action debug(Arguments arguments) {
    if (!door.config().sleepAllowed()) {
      throw new RespException(
          "ERR DEBUG command not allowed. If the resp.debug option is set to true, it is.");
    }
    double seconds;
    try {
      seconds = Double.parseDouble(arguments.text(2));
    } catch (NumberFormatException e) {
      throw new RespException("ERR value is not a valid float");
    }
    return (Action.Now)
        out -> {
          double bounded = Math.clamp(seconds, 0, SLEEP_SECONDS_MAX);
          sleep((long) (bounded * TimeUnit.SECONDS.toNanos(1)));
          out.ok();
        };
  }

  /** Holds up the event loop, as the original holds up everybody: for tests. */
  private void sleep(long nanos) {
    TimeSource time = door.store().time();
    long end = time.nanos() + nanos;
    for (long left = nanos; left > 0; left = end - time.nanos()) {
      LockSupport.parkNanos(left);
    }
  }

  private Action lolwut() {
    return (Action.Now) out -> out.verbatim("mayfly ver. " + door.config().version() + "\n");
  }
}
