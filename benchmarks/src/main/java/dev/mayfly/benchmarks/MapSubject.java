package dev.mayfly.benchmarks;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The peer: a ConcurrentHashMap from byte-array keys to small records. It checks deadlines when it
 * is read and does nothing else about them: no events, no revisions, no expiry, no limits.
 */
final class MapSubject implements Subject {
  private record Item(byte[] value, long createdMillis, long deadlineMillis, long version) {}

  private static final class Key {
    private final byte[] bytes;
    private final int hash;

    Key(byte[] bytes) {
      this.bytes = bytes;
      hash = Arrays.hashCode(bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }
  }

  private final ConcurrentHashMap<Key, Item> items;

  MapSubject(int entries) {
    items = new ConcurrentHashMap<>(entries);
  }

  @Override
  public byte @Nullable [] get(byte[] key, long nowMillis) {
    Item item = items.get(new Key(key));
    return item == null || item.deadlineMillis <= nowMillis ? null : item.value.clone();
  }

  @Override
  public void set(byte[] key, byte[] value, long lifespanMillis, long nowMillis) {
    items.put(new Key(key), new Item(value, nowMillis, nowMillis + lifespanMillis, nowMillis));
  }

  @Override
  public void close() {
    items.clear();
  }
}
