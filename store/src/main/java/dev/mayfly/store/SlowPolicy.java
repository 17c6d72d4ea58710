package dev.mayfly.store;

/** What happens to a watcher that does not keep up with the log. It is always told. */
public enum SlowPolicy {
  /** It gets a gap notice and goes on with the oldest event that is still held. */
  NOTICE,
  /** It gets a gap notice, and the watch ends. */
  DISCONNECT,
  /**
   * While it lags, it gets only the newest event of each key; a gap notice as well, where even that
   * is more than is kept for it.
   */
  COALESCE
}
