package dev.mayfly.store;

/**
 * What differs from door to door in the meaning of a write. A door makes its own once and puts it
 * into every request.
 *
 * @param lifespanMillisMin the least lifespan that the door accepts, at least 1
 * @param valueBytesMax the longest value that the door accepts; the store's own limit applies too
 * @param unstatedLifespan what a set without a lifespan does to a key that has one
 * @param equalValueChanges whether setting an equal value is a change (event, version)
 * @param historyMax how many versions of a value are kept, the current one included; 0 none beyond
 *     it, -1 all
 * @param keepsMetrics whether key metrics are kept for keys written with these rules
 */
public record Rules(
    long lifespanMillisMin,
    int valueBytesMax,
    UnstatedLifespan unstatedLifespan,
    boolean equalValueChanges,
    int historyMax,
    boolean keepsMetrics) {
  /** What a set without a lifespan does to a key that has one. */
  public enum UnstatedLifespan {
    /** The lifespan begins again with its own length. */
    RENEW,
    /** The key does not expire any more. */
    CLEAR
  }

  /** Checks the ranges. */
  public Rules {
    if (lifespanMillisMin < 1 || valueBytesMax < 0 || historyMax < -1) {
      throw new IllegalArgumentException(
          "rules out of range: lifespan min %d, value max %d, history %d"
              .formatted(lifespanMillisMin, valueBytesMax, historyMax));
    }
  }
}
