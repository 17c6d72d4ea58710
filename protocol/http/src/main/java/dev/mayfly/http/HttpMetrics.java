package dev.mayfly.http;

/**
 * What the http door tells of its work, for whoever counts it.
 *
 * <p>Called on event loops, on the path of every request: implementations return at once, throw
 * nothing, and are safe for concurrent use.
 */
public interface HttpMetrics {
  /** Counts nothing. */
  HttpMetrics NONE =
      new HttpMetrics() {
        @Override
        public void onRequest(String route, int status, long nanos) {}

        @Override
        public void onConnectionOpened() {}

        @Override
        public void onConnectionClosed() {}

        @Override
        public void onConnectionRefused() {}

        @Override
        public void onConnectionCut() {}

        @Override
        public void onReplyCut() {}
      };

  /**
   * A request was answered, or its connection was lost before.
   *
   * @param route the route's template, one of a fixed small number: {@code /v1/keys/{key}}
   * @param status the HTTP status; 499 when the client went away before the answer was complete
   * @param nanos from the request's head to the answer's end
   */
  void onRequest(String route, int status, long nanos);

  /** A connection was taken. */
  void onConnectionOpened();

  /** A connection that was taken is closed. */
  void onConnectionClosed();

  /** A connection was one too many. */
  void onConnectionRefused();

  /**
   * A connection was closed, since too many requests waited for answers to earlier ones, a head
   * found no room, or took too long to come.
   */
  void onConnectionCut();

  /** A connection was closed whose client took nothing of an answer while others waited. */
  void onReplyCut();
}
