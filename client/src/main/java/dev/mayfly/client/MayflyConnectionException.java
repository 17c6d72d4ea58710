package dev.mayfly.client;

import org.jspecify.annotations.Nullable;

/**
 * The server could not be reached, fell silent, hung up, or answered what this client does not
 * understand; the message names the address. Whether the request took effect is not known, unless
 * there was no connection at all: {@link #wasConnected}.
 *
 * <p>Immutable; safe for concurrent use.
 */
public final class MayflyConnectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean connected;

  MayflyConnectionException(String message, boolean connected, @Nullable Throwable cause) {
    super(message, cause);
    this.connected = connected;
  }

  /** Whether there was a connection, so that the request may have taken effect. */
  public boolean wasConnected() {
    return connected;
  }
}
