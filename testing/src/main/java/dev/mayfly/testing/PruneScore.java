package dev.mayfly.testing;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How dear an entry is to pruning: the least goes first. Stateless. */
final class PruneScore {
  private PruneScore() {}

  /** Keys by the score of their entries at this time. */
  static Comparator<String> order(Map<String, ModelEntry> entries, long nowMillis) {
    return Comparator.comparingDouble(key -> score(entries.get(key), nowMillis));
  }

  private static double score(@Nullable ModelEntry entry, long nowMillis) {
    if (entry == null) {
      return 0;
    }
    long[] m = entry.metrics;
    long updated = entry.updatedMillis == 0 ? entry.createdMillis : entry.updatedMillis;
    return m == null
        ? 0.2 * perHour(updated, nowMillis) + 0.2 * perHour(entry.createdMillis, nowMillis)
        : 0.5 * perHour(m[2], nowMillis)
            + 0.2 * perHour(m[5], nowMillis)
            + 0.2 * perHour(m[4], nowMillis)
            + 0.1 * perHour(m[8], nowMillis);
  }

  private static double perHour(long thenMillis, long nowMillis) {
    double hours = (nowMillis - thenMillis) / 3_600_000.0;
    return thenMillis == 0 || hours <= 0 ? 0 : 1 / hours;
  }
}
