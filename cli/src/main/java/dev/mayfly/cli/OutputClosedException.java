package dev.mayfly.cli;

import java.io.IOException;

/** The reader of standard output has gone. Immutable. */
final class OutputClosedException extends IOException {
  private static final long serialVersionUID = 1L;

  OutputClosedException(Throwable cause) {
    super("standard output is closed", cause);
  }
}
