package dev.mayfly.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** {@code mayfly journal}. */
final class JournalCommand implements Command {
  private static final Option AFTER =
      Option.value("--after", "REVISION", "Show no change with this or an earlier revision.");
  private static final Option COUNTERS =
      Option.flag("--counters", "Show counters, limits, leases and clients as well.");

  @Override
  public String name() {
    return "journal";
  }

  @Override
  public String summary() {
    return "Show the changes that a server has written since its last snapshots.";
  }

  @Override
  public Syntax syntax() {
    List<Option> options = new ArrayList<>(JournalFlags.ALL);
    options.addAll(List.of(AFTER, COUNTERS, Syntax.HELP));
    return new Syntax(options, List.of(Parameter.required("ACTION", "'show', which only reads.")));
  }

  @Override
  public List<String> details() {
    return List.of(
        "",
        "A line that begins with '#' for each snapshot and block, and a line for each change. The"
            + " server may run.");
  }

  @Override
  public int run(Session session) throws IOException {
    Arguments arguments = session.arguments();
    String action = arguments.parameter(0);
    if (!action.equals("show")) {
      throw new UsageException("invalid action '" + action + "': expected show");
    }
    String after = arguments.value(AFTER);
    long revision = after == null ? 0 : Numbers.count("revision", after);
    JournalFlags.open(arguments)
        .show(revision, arguments.has(COUNTERS), line -> print(session.out(), line));
    return Program.DONE;
  }

  private static void print(Output out, String line) {
    try {
      out.line(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
