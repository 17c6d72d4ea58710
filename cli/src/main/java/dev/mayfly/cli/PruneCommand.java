package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly prune}. */
final class PruneCommand implements Command {
  @Override
  public String name() {
    return "prune";
  }

  @Override
  public String summary() {
    return "Remove the least used keys until so many are left; privileged.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        List.of(),
        Parameter.required("TO", "How many keys to leave."),
        Parameter.any("IGNORE", "Keys that stay in any case."));
  }

  @Override
  public int run(Session session) throws IOException {
    List<String> parameters = session.arguments().parameters();
    long keysLeft = Numbers.count("number of keys", parameters.getFirst());
    long pruned = session.client().prune(keysLeft, parameters.subList(1, parameters.size()));
    session.print(JsonObject.empty().with("pruned", pruned));
    return Program.DONE;
  }
}
