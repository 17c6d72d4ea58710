package dev.mayfly.cli;

import dev.mayfly.server.JournalOperator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code mayfly import}. */
final class ImportCommand implements Command {
  private static final Option OLD_NAME =
      Option.value(
          "--old-name", "NAME", "The keyquarry server's name, where its table has several.");

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String summary() {
    return "Take a keyquarry server's newest snapshot into a server's journal.";
  }

  @Override
  public Syntax syntax() {
    List<Option> options = new ArrayList<>(JournalFlags.ALL);
    options.addAll(List.of(OLD_NAME, Syntax.INDENT, Syntax.HELP));
    return new Syntax(
        options,
        List.of(
            Parameter.required(
                "SOURCE",
                "Its SQLite file, postgres://user:password@host/database, or a file of JSON.")));
  }

  @Override
  public List<String> details() {
    return List.of(
        "",
        "Keys keep their values, versions, times and histories, locks and lifespans what is left of"
            + " them. The",
        "next start of the server begins with them, and forgets what its journal has now; the"
            + " source stays as it is.");
  }

  @Override
  public int run(Session session) throws IOException {
    Arguments arguments = session.arguments();
    String oldName = arguments.value(OLD_NAME);
    JournalOperator.Imported imported =
        JournalFlags.open(arguments)
            .importOld(arguments.parameter(0), oldName == null ? "" : oldName);
    session.print(
        JournalFlags.shown(imported.snapshot())
            .with("old_name", imported.oldServer())
            .with("ended", imported.ended()));
    return Program.DONE;
  }
}
