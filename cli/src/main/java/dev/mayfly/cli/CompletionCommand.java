package dev.mayfly.cli;

import java.io.IOException;
import java.util.List;

/** {@code mayfly completion}. */
final class CompletionCommand implements Command {
  private static final List<String> SHELLS = List.of("bash", "zsh");

  @Override
  public String name() {
    return "completion";
  }

  @Override
  public String summary() {
    return "Print a script that makes a shell complete the commands.";
  }

  @Override
  public Syntax syntax() {
    return new Syntax(
        List.of(Syntax.HELP),
        List.of(Parameter.optional("SHELL", "bash (the default) or zsh; the script is the same.")));
  }

  @Override
  public List<String> details() {
    return List.of("", "To use it: source <(mayfly completion)");
  }

  @Override
  public int run(Session session) throws IOException {
    String shell = session.arguments().parameterOrNull(0);
    if (shell != null && !SHELLS.contains(shell)) {
      throw new UsageException("no completion for '" + shell + "': expected bash or zsh");
    }
    session.out().text(FullParser.ofAll().completion());
    return Program.DONE;
  }
}
