package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly readonly}. */
final class ReadOnlyCommand implements Command {
  @Override
  public String name() {
    return "readonly";
  }

  @Override
  public String summary() {
    return "Make the server refuse writes, or take them again; privileged.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(), Parameter.required("STATE", "'on' or 'off'."));
  }

  @Override
  public int run(Session session) throws IOException {
    String state = session.arguments().parameter(0);
    if (!state.equals("on") && !state.equals("off")) {
      throw new UsageException("invalid state '" + state + "': expected on or off");
    }
    session.client().readOnly(state.equals("on"));
    session.print(JsonObject.empty().with("success", true));
    return Program.DONE;
  }
}
