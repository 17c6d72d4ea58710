package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly shutdown}. */
final class ShutdownCommand implements Command {
  @Override
  public String name() {
    return "shutdown";
  }

  @Override
  public List<String> aliases() {
    return List.of("server-shutdown");
  }

  @Override
  public String summary() {
    return "Stop the server; privileged.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of());
  }

  @Override
  public int run(Session session) throws IOException {
    session.client().shutdown();
    session.print(JsonObject.empty());
    return Program.DONE;
  }
}
