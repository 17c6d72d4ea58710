package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@code mayfly lock}. */
final class LockCommand extends KeyCommand {
  private static final Option CREATE =
      Option.flag("--create-if-missing", "Create the key, without a value, if there is none.");

  private static final Option WAIT =
      Option.value("--wait", "DURATION", "Wait for so long while another client has the lock.");

  @Override
  public String name() {
    return "lock";
  }

  @Override
  public String summary() {
    return "Lock a key for this client, or renew its lock; prints its token.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        List.of(CREATE, WAIT), KEY, Parameter.required("DURATION", "For how long: 30s, 5m."));
  }

  @Override
  void run(Session session, String key) throws IOException {
    Arguments arguments = session.arguments();
    Duration duration = Durations.positive("lock", arguments.parameter(1));
    long token = session.client().lock(key, duration, arguments.has(CREATE), wait(arguments));
    session.print(JsonObject.empty().with("success", true).with("token", token));
  }

  private static Duration wait(Arguments arguments) {
    String text = arguments.value(WAIT);
    return text == null ? Duration.ZERO : Durations.positive("wait", text);
  }
}
