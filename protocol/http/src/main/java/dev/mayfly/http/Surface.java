package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;

/** One of the interfaces that share the door: some routes, and one way to say no. */
interface Surface {
  /** Answers a request, at once or later on the same event loop. */
  void handle(Exchange exchange);

  /**
   * Answers with a refusal.
   *
   * @param message what, the offending value, what was expected
   */
  void refuse(Exchange exchange, ErrorCode code, String message);
}
