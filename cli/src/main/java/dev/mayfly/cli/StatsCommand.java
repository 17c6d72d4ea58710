package dev.mayfly.cli;

import java.io.IOException;
import java.util.List;

/** {@code mayfly stats}. */
final class StatsCommand implements Command {
  @Override
  public String name() {
    return "stats";
  }

  @Override
  public String summary() {
    return "Print the server's figures: keys, locks, events, memory.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of());
  }

  @Override
  public int run(Session session) throws IOException {
    session.print(session.client().stats());
    return Program.DONE;
  }
}
