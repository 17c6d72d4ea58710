package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import dev.mayfly.client.CounterOperation;
import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code mayfly release}. */
final class ReleaseCommand extends CounterCommand {
  @Override
  public String name() {
    return "release";
  }

  @Override
  public String summary() {
    return "Give back what a take of a concurrency limit holds.";
  }

  @Override
  public Syntax syntax() {
    return syntaxOf(
        List.of(), NAMESPACE, KEY, Parameter.required("LEASE", "What the take printed."));
  }

  @Override
  void check(Arguments arguments) {
    Numbers.any("lease", arguments.parameter(2));
  }

  @Override
  int run(Session session, CounterConnection server) throws IOException {
    Arguments arguments = session.arguments();
    byte[] namespace = bytes(arguments.parameter(0));
    byte[] key = bytes(arguments.parameter(1));
    long lease = Numbers.any("lease", arguments.parameter(2));
    boolean released = server.ask(CounterOperation.release(namespace, key, lease));
    session.print(JsonObject.empty().with("released", released));
    return Program.DONE;
  }
}
