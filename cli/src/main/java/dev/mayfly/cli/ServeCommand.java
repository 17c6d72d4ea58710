package dev.mayfly.cli;

import java.io.IOException;

/** {@code mayfly serve}. */
final class ServeCommand implements Command {
  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String summary() {
    return "Start a server.";
  }

  @Override
  public Syntax syntax() {
    return ServerFlags.syntax();
  }

  @Override
  public boolean takesRawWords() {
    return true;
  }

  @Override
  public int run(Session session) throws IOException {
    ConfigCommand.load(session);
    throw new CommandException("this build has no server");
  }
}
