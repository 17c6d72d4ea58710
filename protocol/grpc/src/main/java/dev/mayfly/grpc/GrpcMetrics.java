package dev.mayfly.grpc;

/**
 * What the grpc door tells of its work, for whoever counts it.
 *
 * <p>Called on event loops, on the path of every call: implementations return at once, throw
 * nothing, and are safe for concurrent use.
 */
public interface GrpcMetrics {
  /** Counts nothing. */
  GrpcMetrics NONE =
      new GrpcMetrics() {
        @Override
        public void onCall(String method, String code, long nanos) {}

        @Override
        public void onConnectionOpened() {}

        @Override
        public void onConnectionClosed() {}

        @Override
        public void onConnectionRefused() {}

        @Override
        public void onWatchOpened() {}

        @Override
        public void onWatchClosed() {}

        @Override
        public void onEventsSent(long events) {}

        @Override
        public void onGap() {}

        @Override
        public void onBacklog(long bytes) {}

        @Override
        public void onReplyCut() {}
      };

  /**
   * A call was answered, or its client went away before.
   *
   * @param method the full name: {@code keyquarry.KeyQuarry/Get}
   * @param code the name of the gRPC status code; {@code CANCELLED} when the client went away
   * @param nanos from the call's head to the answer's end
   */
  void onCall(String method, String code, long nanos);

  /** A connection was taken. */
  void onConnectionOpened();

  /** A connection that was taken is closed. */
  void onConnectionClosed();

  /** A connection was closed at once, since too many are open. */
  void onConnectionRefused();

  /** A watch began. */
  void onWatchOpened();

  /** A watch ended. */
  void onWatchClosed();

  /** Events were handed to watchers: the sum over all of them. */
  void onEventsSent(long events);

  /** A watcher did not keep up and missed events. */
  void onGap();

  /** What is kept for watchers that take it later has become so many bytes more, or fewer. */
  void onBacklog(long bytes);

  /** A call was ended since its client did not take what it was told, while others waited. */
  void onReplyCut();
}
