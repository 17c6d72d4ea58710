package dev.mayfly.server;

/** What a crash may take back, where the store has a place on disk. */
public enum JournalMode {
  /** What came after the last snapshot. */
  SNAPSHOT,
  /** A tenth of a second. */
  RELAXED,
  /** Nothing that was answered. */
  STRICT
}
