package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@code mayfly lock}. */
final class LockCommand extends KeyCommand {
  private static final Option CREATE =
      Option.flag("--create-if-missing", "Create the key, without a value, if there is none.");

  @Override
  public String name() {
    return "lock";
  }

  @Override
  public String summary() {
    return "Lock a key for this client, or renew its lock; prints the fencing token.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        List.of(CREATE), KEY, Parameter.required("DURATION", "For how long: 30s, 5m."));
  }

  @Override
  void run(Session session, String key) throws IOException {
    Arguments arguments = session.arguments();
    Duration duration = Durations.positive("lock", arguments.parameter(1));
    long token = session.client().lock(key, duration, arguments.has(CREATE));
    session.print(JsonObject.empty().with("success", true).with("token", token));
  }
}
