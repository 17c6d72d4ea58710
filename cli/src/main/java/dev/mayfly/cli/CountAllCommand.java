package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import dev.mayfly.client.CounterOperation;
import java.io.IOException;
import java.util.List;

/** {@code mayfly count-all}. */
final class CountAllCommand extends CounterCommand {
  @Override
  public String name() {
    return "count-all";
  }

  @Override
  public String summary() {
    return "Print how many events are live in the whole server.";
  }

  @Override
  public Syntax syntax() {
    return syntaxOf(List.of());
  }

  @Override
  int run(Session session, CounterConnection server) throws IOException {
    return count(session, server, CounterOperation.countAll());
  }
}
