package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly register}. */
final class RegisterCommand implements Command {
  @Override
  public String name() {
    return "register";
  }

  @Override
  public String summary() {
    return "Make this client known to the server; again does no harm.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of());
  }

  @Override
  public int run(Session session) throws IOException {
    if (!session.client().register()) {
      session.diagnostics().debug("already registered");
    }
    session.print(JsonObject.empty().with("success", true));
    return Program.DONE;
  }
}
