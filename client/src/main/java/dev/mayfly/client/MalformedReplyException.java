package dev.mayfly.client;

import java.io.IOException;

/** What the other side sent is not HTTP, or not what this interface answers. Immutable. */
final class MalformedReplyException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedReplyException(String message) {
    super(message);
  }

  MalformedReplyException(String message, Throwable cause) {
    super(message, cause);
  }
}
