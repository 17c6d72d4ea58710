package dev.mayfly.store;

/** Which keys are pruned first: those with the lowest score, the least and longest ago used. */
public final class PruneOrder {
  private static final double MILLIS_PER_HOUR = 3_600_000.0;

  private PruneOrder() {}

  /**
   * The score by key metrics: {@code 0.5/h(last access) + 0.2/h(last set) + 0.2/h(first set) +
   * 0.1/h(last lock)}, h in hours since. What never happened adds nothing; what happens while the
   * prune runs happened a millisecond ago, since a key that is in use must not look idle.
   */
  public static double score(KeyMetrics metrics, long nowMillis) {
    return 0.5 * closeness(metrics.lastAccessedMillis(), nowMillis)
        + 0.2 * closeness(metrics.lastSetMillis(), nowMillis)
        + 0.2 * closeness(metrics.firstSetMillis(), nowMillis)
        + 0.1 * closeness(metrics.lastLockedMillis(), nowMillis);
  }

  /** The score of a key without metrics: its creation and its last update stand in. */
  public static double score(long createdMillis, long updatedMillis, long nowMillis) {
    long set = updatedMillis == 0 ? createdMillis : updatedMillis;
    return 0.2 * closeness(set, nowMillis) + 0.2 * closeness(createdMillis, nowMillis);
  }

  private static double closeness(long thenMillis, long nowMillis) {
    return thenMillis == 0 ? 0 : MILLIS_PER_HOUR / Math.max(1, nowMillis - thenMillis);
  }
}
