package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly exists}. */
final class ExistsCommand extends KeyCommand {
  @Override
  public String name() {
    return "exists";
  }

  @Override
  public String summary() {
    return "Tell whether a key exists; the exit code is 0 either way.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(), KEY);
  }

  @Override
  void run(Session session, String key) throws IOException {
    session.print(JsonObject.empty().with("exists", session.client().exists(key)));
  }
}
