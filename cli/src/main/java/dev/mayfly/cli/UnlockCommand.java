package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly unlock}. */
final class UnlockCommand extends KeyCommand {
  @Override
  public String name() {
    return "unlock";
  }

  @Override
  public String summary() {
    return "Give up this client's lock of a key.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(), KEY);
  }

  @Override
  void run(Session session, String key) throws IOException {
    session.client().unlock(key);
    session.print(JsonObject.empty().with("success", true));
  }
}
