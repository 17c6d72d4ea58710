package dev.mayfly.testing;

import dev.mayfly.store.Bounds;

/**
 * What a contract asks a store to be opened with.
 *
 * @param keysMax the most keys; 0: no limit
 * @param historyMax how many versions a tracked key keeps where a request does not say; 0: no
 *     history at all
 * @param deletedHistoryMillis how long the history of a key that is gone is kept; 0: not at all
 * @param eagerAt from how many keys on a create prunes; 0: never
 * @param eagerTo how many keys that leaves
 */
public record StoreLimits(
    Bounds bounds,
    long keysMax,
    int historyMax,
    long deletedHistoryMillis,
    long eagerAt,
    long eagerTo) {
  /** Small bounds that tests can reach, nothing else limited. */
  public static final StoreLimits DEFAULT =
      new StoreLimits(new Bounds(1024, 1_000_000, 5_000, 900_000), 0, 5, 0, 0, 0);

  /** A copy with this limit on keys. */
  public StoreLimits withKeysMax(long keysMax) {
    return new StoreLimits(bounds, keysMax, historyMax, deletedHistoryMillis, eagerAt, eagerTo);
  }

  /** A copy with this history. */
  public StoreLimits withHistory(int historyMax, long deletedHistoryMillis) {
    return new StoreLimits(bounds, keysMax, historyMax, deletedHistoryMillis, eagerAt, eagerTo);
  }
}
