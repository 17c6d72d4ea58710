package dev.mayfly.cli;

import dev.mayfly.server.ServerProcess;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** {@code mayfly serve}. */
final class ServeCommand implements Command {
  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String summary() {
    return "Start a server and run it until a signal stops it.";
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
  public int run(Session session) {
    PrintStream out = new PrintStream(session.out(), false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(session.streams().err(), true, StandardCharsets.UTF_8);
    return new ServerProcess(out, err).run(session.arguments().parameters());
  }
}
