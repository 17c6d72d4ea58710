package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly clear}. */
final class ClearCommand implements Command {
  private static final Option FORCE = Option.flag("--force", "Delete locked keys as well.");

  @Override
  public String name() {
    return "clear";
  }

  @Override
  public String summary() {
    return "Delete all keys that nobody has locked.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(FORCE));
  }

  @Override
  public int run(Session session) throws IOException {
    long deleted = session.client().clear(session.arguments().has(FORCE));
    session.print(JsonObject.empty().with("success", true).with("keys_deleted", deleted));
    return Program.DONE;
  }
}
