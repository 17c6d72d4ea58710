package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import dev.mayfly.client.CounterOperation;
import java.io.IOException;
import java.util.List;

/** {@code mayfly count}. */
final class CountCommand extends CounterCommand {
  @Override
  public String name() {
    return "count";
  }

  @Override
  public String summary() {
    return "Print how many events of a key are live.";
  }

  @Override
  public Syntax syntax() {
    return syntaxOf(List.of(), NAMESPACE, KEY);
  }

  @Override
  int run(Session session, CounterConnection server) throws IOException {
    byte[] namespace = bytes(session.arguments().parameter(0));
    byte[] key = bytes(session.arguments().parameter(1));
    return count(session, server, CounterOperation.count(namespace, key));
  }
}
