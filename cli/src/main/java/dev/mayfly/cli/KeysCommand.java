package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import java.io.IOException;
import java.util.List;

/** {@code mayfly keys}. */
final class KeysCommand extends CounterCommand {
  @Override
  public String name() {
    return "keys";
  }

  @Override
  public String summary() {
    return "Print the keys of a namespace with live events, a line each.";
  }

  @Override
  public Syntax syntax() {
    return syntaxOf(
        List.of(),
        NAMESPACE,
        Parameter.required(
            "PATTERN", "Found anywhere in a key: * stands for anything, the rest is RE2 syntax."));
  }

  @Override
  int run(Session session, CounterConnection server) throws IOException {
    byte[] namespace = bytes(session.arguments().parameter(0));
    return list(session, server.keys(namespace, bytes(session.arguments().parameter(1))));
  }
}
