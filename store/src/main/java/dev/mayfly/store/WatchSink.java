package dev.mayfly.store;

/** Takes what a watch tells. Called only during {@link Watch#poll}, on its thread. */
public interface WatchSink {
  /** A key that exists, as of its revision. Only before {@link #onStateEnd}. */
  void onState(byte[] key, Entry entry);

  /** Every key that was to be told has been told: from here on the watch can be resumed. */
  void onStateEnd();

  /** An event that the filter accepts. */
  void onEvent(Event event);

  /** Events are missing here. */
  void onGap(WatchGap gap);
}
