package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import dev.mayfly.client.CounterOperation;
import java.io.IOException;
import java.util.List;

/** {@code mayfly count-namespace}. */
final class CountNamespaceCommand extends CounterCommand {
  @Override
  public String name() {
    return "count-namespace";
  }

  @Override
  public String summary() {
    return "Print how many events of all keys of a namespace are live.";
  }

  @Override
  public Syntax syntax() {
    return syntaxOf(List.of(), NAMESPACE);
  }

  @Override
  int run(Session session, CounterConnection server) throws IOException {
    byte[] namespace = bytes(session.arguments().parameter(0));
    return count(session, server, CounterOperation.countNamespace(namespace));
  }
}
