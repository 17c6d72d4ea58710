package dev.mayfly.engine;

import dev.mayfly.engine.CounterNamespace.Name;
import dev.mayfly.store.CounterPolicy;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses the key of a shard that makes room for another one. Keys of limits stay, as do those of
 * namespaces that refuse.
 *
 * <p>Confined to the shard's lock.
 */
final class CounterEviction {
  private static final int CANDIDATES = 64;
  private static final int OWN = 0;
  private static final int OTHERS = 1;

  private final CounterRecords records;
  private final WindowRecords windows;
  private final int[] oldest = new int[2];

  CounterEviction(CounterRecords records, WindowRecords windows) {
    this.records = records;
    this.windows = windows;
  }

  /**
   * The key whose last event is the oldest of some that follow each other in the index, by
   * preference of the same namespace, and of no other one where that has limits of its own.
   *
   * @param except a key that stays, or 0
   * @return 0 when there is none
   */
  int victim(CounterNamespace namespace, int except) {
    oldest[OWN] = 0;
    oldest[OTHERS] = 0;
    long from = ThreadLocalRandom.current().nextInt() & 0xFFFFFFFFL;
    boolean toTheEnd = look(from, namespace, except) < 0;
    if (toTheEnd && oldest[OWN] == 0) {
      var _ = look(0, namespace, except);
    }
    CounterPolicy policy = namespace.policy();
    boolean ownOnly = policy.keysMax() > 0 || policy.bytesMax() > 0;
    return oldest[OWN] != 0 || ownOnly ? oldest[OWN] : oldest[OTHERS];
  }

  /** Looks at some records from a hash on; returns the hash to go on from, or -1. */
  private long look(long from, CounterNamespace namespace, int except) {
    return records
        .index()
        .scan(
            from,
            CANDIDATES,
            ref -> {
              if (ref != except && isEvictable(ref)) {
                consider(ref, records.namespaceId(ref) == namespace.id() ? OWN : OTHERS);
              }
            });
  }

  private void consider(int ref, int whose) {
    int best = oldest[whose];
    if (best == 0 || windows.lastDeadline(ref) < windows.lastDeadline(best)) {
      oldest[whose] = ref;
    }
  }

  private boolean isEvictable(int ref) {
    CounterNamespace namespace = records.namespace(ref);
    return namespace.name().family() == Name.COUNTERS
        && namespace.policy().whenFull() == CounterPolicy.WhenFull.EVICT;
  }
}
