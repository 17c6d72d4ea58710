package dev.mayfly.cli;

import org.jspecify.annotations.Nullable;

/** The arguments are wrong; the message says which and what was expected. Immutable. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    this(message, null);
  }

  UsageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
