package dev.mayfly.stress;

import java.io.IOException;
import java.util.List;

/** A connection over which one loop sends. Confined to that loop. */
interface Line extends AutoCloseable {
  /**
   * Sends operations at once and waits for their answers.
   *
   * @throws IOException when the connection is of no more use; what was not answered then has
   *     failed
   */
  void exchange(List<Operation> batch, Answers answers) throws IOException;

  /** Whether the server will take more over this connection. */
  default boolean isUsable() {
    return true;
  }

  @Override
  void close();
}
