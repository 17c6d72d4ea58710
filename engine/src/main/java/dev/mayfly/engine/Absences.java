package dev.mayfly.engine;

import dev.mayfly.store.Absence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one shard that somebody watches although they do not exist. They are few, so they
 * live on the heap, and who asked for them bounds their number.
 *
 * <p>Confined to whoever holds the shard's lock, except for what {@link Absence} says.
 */
final class Absences {
  private final Map<Key, List<Observed>> observed = new HashMap<>();

  /** A key that is compared by its bytes. */
  private record Key(byte[] bytes) implements Comparable<Key> {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(Key other) {
      return Arrays.compare(bytes, other.bytes);
    }
  }

  /** Whether anybody observes anything. */
  boolean isEmpty() {
    return observed.isEmpty();
  }

  /** Observes a key that does not exist. */
  Absence observe(byte[] key, ShardLock lock) {
    Observed absence = new Observed(this, key, lock);
    observed.computeIfAbsent(new Key(key), k -> new ArrayList<>()).add(absence);
    return absence;
  }

  /** This key has come. */
  void onCreated(byte[] key) {
    List<Observed> broken = observed.remove(new Key(key));
    if (broken != null) {
      broken.forEach(absence -> absence.broken = true);
    }
  }

  private void forget(Observed absence) {
    observed.computeIfPresent(
        new Key(absence.key),
        (key, those) -> {
          those.remove(absence);
          return those.isEmpty() ? null : those;
        });
  }

  /** One observer of one key. */
  private static final class Observed implements Absence {
    private final Absences home;
    private final byte[] key;
    private final ShardLock lock;
    private volatile boolean broken;

    Observed(Absences home, byte[] key, ShardLock lock) {
      this.home = home;
      this.key = key;
      this.lock = lock;
    }

    @Override
    public byte[] key() {
      return key;
    }

    @Override
    public boolean isBroken() {
      return broken;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        home.forget(this);
      } finally {
        lock.unlock();
      }
    }
  }
}
