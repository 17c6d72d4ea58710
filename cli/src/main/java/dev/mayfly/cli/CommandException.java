package dev.mayfly.cli;

import org.jspecify.annotations.Nullable;

/** A command could not be done; the message is for the user. Immutable. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandException(String message) {
    this(message, null);
  }

  CommandException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
