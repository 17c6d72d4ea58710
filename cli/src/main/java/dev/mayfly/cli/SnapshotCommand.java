package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyRefusedException;
import java.io.IOException;
import java.util.List;

/** {@code mayfly snapshot}. */
final class SnapshotCommand implements Command {
  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public String summary() {
    return "Make, list, choose or delete the snapshots of a store on disk.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        List.of(),
        Parameter.required(
            "ACTION",
            "'now' makes one, 'list' shows all; 'restore' lets the next start begin with the one"
                + " given, and forget what came after it; 'delete' deletes it. Those two are"
                + " privileged."),
        Parameter.optional("ID", "The snapshot; for 'restore' 0 takes the choice back."));
  }

  @Override
  public int run(Session session) throws IOException {
    List<String> words = session.arguments().parameters();
    String action = words.getFirst();
    boolean wantsId = action.equals("restore") || action.equals("delete");
    if (!wantsId && !action.equals("now") && !action.equals("list")) {
      throw new UsageException(
          "invalid action '" + action + "': expected now, list, restore or delete");
    }
    if (words.size() != (wantsId ? 2 : 1)) {
      throw new UsageException(
          "snapshot %s: expected %s".formatted(action, wantsId ? "one ID" : "nothing after it"));
    }
    long id = wantsId ? Numbers.count("snapshot", words.get(1)) : 0;
    try {
      session.print(answer(session.client(), action, id));
      return Program.DONE;
    } catch (MayflyRefusedException e) {
      throw new CommandException(e.detail(), e);
    }
  }

  private static JsonObject answer(MayflyClient client, String action, long id) {
    return switch (action) {
      case "now" -> client.makeSnapshot();
      case "list" -> client.snapshots();
      case "restore" -> client.restoreSnapshot(id);
      default -> client.deleteSnapshot(id);
    };
  }
}
