package dev.mayfly.counter;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.CounterStats;
import dev.mayfly.store.Counters;
import dev.mayfly.store.KeyFilter;
import java.util.List;

/** Counters whose hits are sent on to the peers. As safe as what it wraps. */
record ReplicatedCounters(Counters counters, CounterPeers peers) implements Counters {
  @Override
  public long hit(byte[] namespace, byte[] key, long times, long nowMillis) {
    long live = counters.hit(namespace, key, times, nowMillis);
    peers.replicate(namespace, key, times);
    return live;
  }

  @Override
  public long count(byte[] namespace, byte[] key, long nowMillis) {
    return counters.count(namespace, key, nowMillis);
  }

  @Override
  public long countNamespace(byte[] namespace, long nowMillis) {
    return counters.countNamespace(namespace, nowMillis);
  }

  @Override
  public long countAll(long nowMillis) {
    return counters.countAll(nowMillis);
  }

  @Override
  public List<byte[]> namespaces(long nowMillis) {
    return counters.namespaces(nowMillis);
  }

  @Override
  public List<byte[]> keys(byte[] namespace, KeyFilter filter, int keysMax, long nowMillis) {
    return counters.keys(namespace, filter, keysMax, nowMillis);
  }

  @Override
  public CounterPolicy policy(byte[] namespace) {
    return counters.policy(namespace);
  }

  @Override
  public void policy(byte[] namespace, CounterPolicy policy) {
    counters.policy(namespace, policy);
  }

  @Override
  public void clearPolicy(byte[] namespace) {
    counters.clearPolicy(namespace);
  }

  @Override
  public CounterStats stats() {
    return counters.stats();
  }
}
