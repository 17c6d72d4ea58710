package dev.mayfly.server;

/** The server could not start; the message says which part could not, and why. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure with what caused it. */
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
