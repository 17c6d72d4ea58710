package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly inspect}. */
final class InspectCommand extends KeyCommand {
  private static final Option WITH_VALUE = Option.flag("--with-value", "Include the value.");
  private static final Option WITH_METRICS =
      Option.flag("--with-metrics", "Include how often and when the key was used.");

  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public List<String> aliases() {
    return List.of("info");
  }

  @Override
  public String summary() {
    return "Print what is known of a key: size, version, lifespan, lock.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(WITH_VALUE, WITH_METRICS), KEY);
  }

  @Override
  void run(Session session, String key) throws IOException {
    Arguments arguments = session.arguments();
    JsonObject metadata =
        session
            .client()
            .inspect(key, arguments.has(WITH_VALUE), arguments.has(WITH_METRICS))
            .orElseThrow(() -> session.missing(key));
    session.print(metadata);
  }
}
