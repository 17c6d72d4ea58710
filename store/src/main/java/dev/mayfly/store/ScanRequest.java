package dev.mayfly.store;

/**
 * One step through the keys of the store.
 *
 * @param cursor {@link #START}, or the cursor of the step before
 * @param filter which keys are wanted
 * @param entriesMax how many entries the step looks at before it ends, 1 to 10000; a few more where
 *     hashes collide
 * @param valuesWanted whether the entries carry values, or metadata only
 */
public record ScanRequest(long cursor, KeyFilter filter, int entriesMax, boolean valuesWanted) {
  /** Where a scan begins. */
  public static final long START = 0;

  /** No step looks at more. */
  public static final int ENTRIES_MAX = 10_000;

  /** Checks the ranges. */
  public ScanRequest {
    if (cursor < 0) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "cursor %d: expected at least 0".formatted(cursor));
    }
    if (entriesMax < 1 || entriesMax > ENTRIES_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "step of %d entries: expected 1 to %d".formatted(entriesMax, ENTRIES_MAX));
    }
  }
}
