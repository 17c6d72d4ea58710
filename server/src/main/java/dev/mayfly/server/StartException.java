package dev.mayfly.server;

import org.jspecify.annotations.Nullable;

/** The server could not start; the message says which part could not, and why. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean fault;

  private StartException(String message, @Nullable Throwable cause, boolean fault) {
    super(message, cause);
    this.fault = fault;
  }

  /** Of what an operator can mend: the message says all. */
  static StartException circumstance(String message, @Nullable Throwable cause) {
    return new StartException(message, cause, false);
  }

  /** Of what nobody foresaw. */
  static StartException fault(String message, Throwable cause) {
    return new StartException(message, cause, true);
  }

  /** Whether the server itself is at fault; only then does the trace tell more than the message. */
  public boolean isFault() {
    return fault;
  }
}
