package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The requests that stay open until something happens: event streams, waits for locks. They end
 * when the door stops, which does not wait for them. Safe for concurrent use.
 */
final class LongRequests {
  private final Set<LongRequest> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /** One of them. */
  interface LongRequest {
    /** The server stops: ends it soon, on the event loop of its own. */
    void endSoon();
  }

  /**
   * Adds one; whoever adds it removes it.
   *
   * @throws MayflyException UNAVAILABLE when the door has stopped
   */
  void add(LongRequest request) {
    open.add(request);
    if (stopped) {
      open.remove(request);
      throw stopping();
    }
  }

  void remove(LongRequest request) {
    open.remove(request);
  }

  /** Ends all, and takes no more. */
  void stop() {
    stopped = true;
    open.forEach(LongRequest::endSoon);
  }

  /** Why a request ends that way. */
  static MayflyException stopping() {
    return new MayflyException(ErrorCode.UNAVAILABLE, "server is shutting down");
  }
}
