package dev.mayfly.testing;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.CounterStats;
import dev.mayfly.store.Counters;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counters as one would write them down: a list of deadlines for each key, looked through each
 * time. Never counts in buckets, has no memory limit and knows no eviction. Confined to one thread.
 */
public final class ModelCounters implements Counters {
  private record Events(long deadlineMillis, long times) {}

  private final CounterPolicy defaults;
  private final Map<String, CounterPolicy> policies = new HashMap<>();
  private final TreeMap<String, TreeMap<String, List<Events>>> namespaces = new TreeMap<>();
  private final int keyBytesMax;
  private long hits;

  /** An empty one. */
  public ModelCounters(CounterPolicy defaults, int keyBytesMax) {
    this.defaults = defaults;
    this.keyBytesMax = keyBytesMax;
  }

  @Override
  public long hit(byte[] namespace, byte[] key, long times, long nowMillis) {
    requireLength(namespace);
    requireLength(key);
    if (times < 1 || times > TIMES_MAX) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "times " + times);
    }
    forget(nowMillis);
    CounterPolicy policy = policy(namespace);
    TreeMap<String, List<Events>> keys = namespaces.getOrDefault(text(namespace), new TreeMap<>());
    if (policy.keysMax() > 0 && keys.size() >= policy.keysMax() && !keys.containsKey(text(key))) {
      throw new MayflyException(ErrorCode.STORE_FULL, "too many keys");
    }
    List<Events> events = keys.computeIfAbsent(text(key), _ -> new ArrayList<>());
    namespaces.put(text(namespace), keys);
    long last = events.isEmpty() ? 0 : events.getLast().deadlineMillis();
    events.add(new Events(Math.max(last, nowMillis + policy.windowMillis()), times));
    hits++;
    return live(events, nowMillis);
  }

  @Override
  public long count(byte[] namespace, byte[] key, long nowMillis) {
    TreeMap<String, List<Events>> keys = namespaces.get(text(namespace));
    List<Events> events = keys == null ? null : keys.get(text(key));
    return events == null ? 0 : live(events, nowMillis);
  }

  @Override
  public long countNamespace(byte[] namespace, long nowMillis) {
    TreeMap<String, List<Events>> keys = namespaces.getOrDefault(text(namespace), new TreeMap<>());
    return keys.values().stream().mapToLong(events -> live(events, nowMillis)).sum();
  }

  @Override
  public long countAll(long nowMillis) {
    return namespaces.values().stream()
        .flatMap(keys -> keys.values().stream())
        .mapToLong(events -> live(events, nowMillis))
        .sum();
  }

  @Override
  public List<byte[]> namespaces(long nowMillis) {
    forget(nowMillis);
    return namespaces.keySet().stream().map(ModelCounters::bytes).toList();
  }

  @Override
  public List<byte[]> keys(byte[] namespace, KeyFilter filter, int keysMax, long nowMillis) {
    forget(nowMillis);
    return namespaces.getOrDefault(text(namespace), new TreeMap<>()).keySet().stream()
        .map(ModelCounters::bytes)
        .filter(filter::accepts)
        .limit(keysMax)
        .toList();
  }

  @Override
  public CounterPolicy policy(byte[] namespace) {
    return policies.getOrDefault(text(namespace), defaults);
  }

  @Override
  public void policy(byte[] namespace, CounterPolicy policy) {
    policies.put(text(namespace), policy);
  }

  @Override
  public void clearPolicy(byte[] namespace) {
    policies.remove(text(namespace));
  }

  @Override
  public CounterStats stats() {
    long keys = namespaces.values().stream().mapToLong(TreeMap::size).sum();
    return new CounterStats(namespaces.size(), keys, 0, 0, 0, hits, 0, 0, 0, 0, 0, 0);
  }

  private void forget(long nowMillis) {
    for (TreeMap<String, List<Events>> keys : namespaces.values()) {
      keys.values().forEach(events -> events.removeIf(some -> some.deadlineMillis() <= nowMillis));
      keys.values().removeIf(List::isEmpty);
    }
    namespaces.values().removeIf(TreeMap::isEmpty);
  }

  private static long live(List<Events> events, long nowMillis) {
    return events.stream()
        .filter(some -> some.deadlineMillis() > nowMillis)
        .mapToLong(Events::times)
        .sum();
  }

  private void requireLength(byte[] bytes) {
    if (bytes.length > keyBytesMax) {
      throw new MayflyException(ErrorCode.KEY_TOO_LONG, "bytes " + bytes.length);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
