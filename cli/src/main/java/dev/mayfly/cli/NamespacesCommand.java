package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import java.io.IOException;
import java.util.List;

/** {@code mayfly namespaces}. */
final class NamespacesCommand extends CounterCommand {
  @Override
  public String name() {
    return "namespaces";
  }

  @Override
  public String summary() {
    return "Print the namespaces with live events, a line each.";
  }

  @Override
  public Syntax syntax() {
    return syntaxOf(List.of());
  }

  @Override
  int run(Session session, CounterConnection server) throws IOException {
    return list(session, server.namespaces());
  }
}
