package dev.mayfly.journal;

import org.jspecify.annotations.Nullable;

/** A journal cannot be used, or not now; the message says why, and never has a password in it. */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure, with what caused it if anything did. */
  public JournalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  JournalException(String message) {
    super(message);
  }
}
