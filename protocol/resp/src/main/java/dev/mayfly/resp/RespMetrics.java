package dev.mayfly.resp;

/**
 * What the resp door tells of its work, for whoever counts it.
 *
 * <p>Called on event loops: implementations return at once, throw nothing, and are safe for
 * concurrent use.
 */
public interface RespMetrics {
  /** Counts nothing. */
  RespMetrics NONE =
      new RespMetrics() {
        @Override
        public void onCommands(long commands, long errors) {}

        @Override
        public void onConnectionOpened() {}

        @Override
        public void onConnectionClosed() {}

        @Override
        public void onConnectionRefused() {}

        @Override
        public void onConnectionCut() {}
      };

  /** So many commands of one batch were answered, so many of them with an error. */
  void onCommands(long commands, long errors);

  /** A connection was taken. */
  void onConnectionOpened();

  /** A connection that was taken is closed. */
  void onConnectionClosed();

  /** A connection was closed at once, since there are too many. */
  void onConnectionRefused();

  /** A subscriber was cut, since it did not take its messages. */
  void onConnectionCut();
}
