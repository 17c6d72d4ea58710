package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly delete}. */
final class DeleteCommand extends KeyCommand {
  @Override
  public String name() {
    return "delete";
  }

  @Override
  public String summary() {
    return "Delete a key.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(), KEY);
  }

  @Override
  void run(Session session, String key) throws IOException {
    if (!session.client().delete(key)) {
      throw session.missing(key);
    }
    session.print(JsonObject.empty().with("deleted", true));
  }
}
