package dev.mayfly.resp;

/**
 * What the resp door tells of its connections, for whoever counts it. What it does with commands is
 * in {@link RespStats}.
 *
 * <p>Called on event loops: implementations return at once, throw nothing, and are safe for
 * concurrent use.
 */
public interface RespMetrics {
  /** Counts nothing. */
  RespMetrics NONE =
      new RespMetrics() {
        @Override
        public void onConnectionOpened() {}

        @Override
        public void onConnectionClosed() {}

        @Override
        public void onConnectionRefused() {}

        @Override
        public void onConnectionCut() {}

        @Override
        public void onConnectionPaused() {}
      };

  /** A connection was taken. */
  void onConnectionOpened();

  /** A connection that was taken is closed. */
  void onConnectionClosed();

  /** A connection was closed at once, since there are too many. */
  void onConnectionRefused();

  /** A client was cut: it did not take its messages, or there is no memory for its commands. */
  void onConnectionCut();

  /** Nothing more is run or read for a client until it takes its replies. */
  void onConnectionPaused();
}
