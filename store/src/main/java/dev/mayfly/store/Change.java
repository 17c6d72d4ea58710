package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of one mutation of one key, complete in itself: applied to what the key was before,
 * or to nothing, it gives what the key was after.
 *
 * @param kind what happened
 * @param revision of the mutation; of {@code CLEAR_HISTORY}: that of the entry
 * @param timeMillis when it happened; of {@code PUT}: 0
 * @param keptUntilMillis of {@code REMOVE}: how long the history stays; 0 when it went as well
 * @param entry of {@code PUT}: the entry afterwards, without metrics and history
 * @param newValue of {@code PUT}: whether it made a version
 * @param olderVersionsMax of {@code PUT}: how many older versions stay, where it made one
 * @param metricsKept of {@code PUT}: whether metrics are kept of the key
 */
public record Change(
    Kind kind,
    long revision,
    byte[] key,
    long timeMillis,
    long keptUntilMillis,
    @Nullable SavedEntry entry,
    boolean newValue,
    int olderVersionsMax,
    boolean metricsKept) {
  /** What happened. The numbers are kept in journals and never change. */
  public enum Kind {
    /** The key was created or changed. */
    PUT(1),
    /** The key is gone. */
    REMOVE(2),
    /** The older versions of the value are gone. */
    CLEAR_HISTORY(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** The number in encoded changes. */
    public int number() {
      return number;
    }
  }
}
