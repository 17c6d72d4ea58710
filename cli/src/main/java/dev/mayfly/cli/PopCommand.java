package dev.mayfly.cli;

import java.io.IOException;
import java.util.List;

/** {@code mayfly pop}. */
final class PopCommand extends KeyCommand {
  @Override
  public String name() {
    return "pop";
  }

  @Override
  public String summary() {
    return "Delete a key and print the value that it had, byte for byte.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(), KEY);
  }

  @Override
  void run(Session session, String key) throws IOException {
    GetCommand.print(session, key, session.client().popAndRead(key));
  }
}
