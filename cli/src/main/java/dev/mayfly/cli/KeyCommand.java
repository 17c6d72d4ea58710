package dev.mayfly.cli;

import dev.mayfly.client.MayflyRefusedException;
import java.io.IOException;

/** A command about one key, its first parameter; refusals then name the key. */
abstract class KeyCommand implements Command {
  static final Parameter KEY = Parameter.required("KEY", "The key.");

  @Override
  public final int run(Session session) throws IOException {
    String key = session.arguments().parameter(0);
    if (key.isEmpty()) {
      throw new UsageException("Empty key: expected at least one character");
    }
    try {
      run(session, key);
      return Program.DONE;
    } catch (MayflyRefusedException e) {
      throw Session.refused(key, e);
    }
  }

  abstract void run(Session session, String key) throws IOException;
}
