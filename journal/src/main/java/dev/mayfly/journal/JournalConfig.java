package dev.mayfly.journal;

import java.time.Duration;

/**
 * What a journal is opened with. Immutable.
 *
 * @param name of the server; empty: the one kept with the data
 * @param defaultName what it becomes where none is kept
 * @param mode what is written, and when
 * @param interval how often a snapshot is made; zero: only when asked for, and at the end
 * @param keep how many snapshots are kept, at least 1
 * @param fresh whether the store begins empty, whatever the journal has
 * @param backlogMax how many bytes of changes may wait for the database
 * @param logBytesMax how many bytes the log of changes may grow by before a snapshot is made; 0:
 *     any
 */
public record JournalConfig(
    JournalPlace place,
    String name,
    String defaultName,
    Mode mode,
    Duration interval,
    int keep,
    boolean fresh,
    long backlogMax,
    long logBytesMax) {
  /** What is written, and when. */
  public enum Mode {
    /** Snapshots alone. */
    SNAPSHOT,
    /** Changes as well, ten times a second. */
    RELAXED,
    /** Changes as well, before replies tell of them. */
    STRICT
  }

  boolean hasLog() {
    return mode != Mode.SNAPSHOT;
  }

  boolean isStrict() {
    return mode == Mode.STRICT;
  }
}
