package dev.mayfly.testing;

import dev.mayfly.store.EventKind;
import dev.mayfly.store.PruneRequest;
import dev.mayfly.store.ReservedKeys;
import dev.mayfly.store.Stamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How the model prunes; its caller holds the model's lock. */
final class ModelPruning {
  private ModelPruning() {}

  static long prune(ModelKeyspace model, PruneRequest request, long nowMillis) {
    Set<String> ignored = new HashSet<>();
    request.ignored().forEach(key -> ignored.add(ModelKeyspace.text(key)));
    List<Map.Entry<String, ModelEntry>> candidates = new ArrayList<>();
    for (Map.Entry<String, ModelEntry> each : model.entries.entrySet()) {
      ModelEntry entry = each.getValue();
      boolean locked = entry.lock != null && !entry.isLockOver(nowMillis);
      if (!locked && entry.createdMillis < nowMillis && !ignored.contains(each.getKey())) {
        candidates.add(Map.entry(each.getKey(), entry));
      }
    }
    candidates.sort(Comparator.comparingDouble(each -> score(each.getValue(), nowMillis)));
    long excess = Math.min(model.entries.size() - request.keysLeft(), candidates.size());
    Stamp stamp = new Stamp(nowMillis, ReservedKeys.SYSTEM_CLIENT);
    for (int i = 0; i < excess; i++) {
      model.remove(candidates.get(i).getKey(), stamp, List.of(EventKind.EXPUNGED));
    }
    return Math.max(0, excess);
  }

  private static double score(ModelEntry entry, long nowMillis) {
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
