package dev.mayfly.cli;

import java.io.IOException;
import java.util.List;

/** {@code mayfly help}. */
final class HelpCommand implements Command {
  @Override
  public String name() {
    return "help";
  }

  @Override
  public String summary() {
    return "Show the help of a command, or of the program.";
  }

  @Override
  public Syntax syntax() {
    return new Syntax(
        List.of(Syntax.HELP), List.of(Parameter.optional("COMMAND", "The name of a command.")));
  }

  @Override
  public int run(Session session) throws IOException {
    String name = session.arguments().parameterOrNull(0);
    if (name == null) {
      session.out().text(FullParser.of(null).help(null));
      return Program.DONE;
    }
    Command command = Commands.find(name);
    if (command == null) {
      throw new UsageException("no command '" + name + "' (see 'mayfly help')");
    }
    session.out().text(FullParser.of(command).help(command));
    return Program.DONE;
  }
}
