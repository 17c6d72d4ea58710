package dev.mayfly.store;

/**
 * Tells the keys that exist, and the changes meanwhile, as one stream ordered for each key: no gap,
 * and nothing twice. Confined to one thread at a time.
 */
sealed interface StateFeed permits NamedStateFeed, ScannedStateFeed {
  /** What a step came to. */
  enum Step {
    /** There may be more at once. */
    MORE,
    /** The log's next event is awaited, or a gap is to be told. */
    AWAITED,
    /** Every key has been told. */
    DONE
  }

  /** Tells about so many entries and events. */
  Step step(int most, WatchSink sink);

  /** The log goes on elsewhere: what is older is told by the entries themselves. */
  void onGap();
}
