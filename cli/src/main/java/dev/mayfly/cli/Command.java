package dev.mayfly.cli;

import java.io.IOException;
import java.util.List;

/**
 * One command of the program.
 *
 * <p>Making one and asking for its name must be cheap; its syntax may cost more. Confined to the
 * main thread.
 */
interface Command {
  String name();

  /** One sentence for the list of commands. */
  String summary();

  Syntax syntax();

  /** Other names. */
  default List<String> aliases() {
    return List.of();
  }

  /** Lines that end the command's help. */
  default List<String> details() {
    return List.of();
  }

  /** Whether it reads its words itself, except for a request for help. */
  default boolean takesRawWords() {
    return false;
  }

  /**
   * Does it.
   *
   * @return the exit code
   * @throws UsageException if the arguments make no sense together
   * @throws CommandException if it could not be done
   * @throws IOException if standard input or output fails
   */
  int run(Session session) throws IOException;
}
