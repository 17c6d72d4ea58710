package dev.mayfly.store;

/**
 * One step of removing many keys, or their history.
 *
 * @param cursor {@link ScanRequest#START}, or the cursor of the step before
 * @param what what goes
 * @param forced whether locked keys go as well
 * @param entriesMax how many entries the step looks at, 1 to {@link ScanRequest#ENTRIES_MAX}
 */
public record SweepRequest(
    long cursor, KeyFilter filter, What what, boolean forced, int entriesMax) {
  /** What goes. */
  public enum What {
    /** The keys, each told as DELETED. */
    KEYS,
    /** Only older versions; each key keeps its current one. */
    HISTORY
  }
}
