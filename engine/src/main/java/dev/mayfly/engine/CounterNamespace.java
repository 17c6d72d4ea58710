package dev.mayfly.engine;

import dev.mayfly.store.CounterPolicy;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A namespace that has keys, or is about to have its first one: its number in records, its policy
 * and its running sums.
 *
 * <p>Once closed it stays closed: it has no keys then, and its number may belong to another. Safe
 * for concurrent use.
 */
final class CounterNamespace {
  private static final long CLOSED = -1;

  private final Name name;
  private final int id;
  private final long salt;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong keys = new AtomicLong();
  private volatile CounterPolicy policy;

  CounterNamespace(Name name, int id, long salt, CounterPolicy policy) {
    this.name = name;
    this.id = id;
    this.salt = salt;
    this.policy = policy;
  }

  Name name() {
    return name;
  }

  /** What the records of its keys say. */
  int id() {
    return id;
  }

  /** Parts the hashes of its keys from those of others. */
  long salt() {
    return salt;
  }

  CounterPolicy policy() {
    return policy;
  }

  void policy(CounterPolicy changed) {
    policy = changed;
  }

  /** Live events of its keys. */
  AtomicLong events() {
    return events;
  }

  /** Memory of its keys' records. */
  AtomicLong bytes() {
    return bytes;
  }

  long keys() {
    return Math.max(0, keys.get());
  }

  boolean isClosed() {
    return keys.get() == CLOSED;
  }

  /** Counts one more key; fails if it is closed. */
  boolean tryAddKey() {
    long before = keys.get();
    while (before != CLOSED) {
      if (keys.compareAndSet(before, before + 1)) {
        return true;
      }
      before = keys.get();
    }
    return false;
  }

  /** Counts one key less; returns whether it was the last. */
  boolean removeKey() {
    return keys.decrementAndGet() == 0;
  }

  /** Closes it unless it has keys. */
  boolean tryClose() {
    return keys.compareAndSet(0, CLOSED);
  }

  /**
   * What tells namespaces apart. Comparable, so that names chosen to collide cost no more than a
   * tree; the array is not copied.
   *
   * @param family 0 for counters, and one for each kind of limit
   */
  record Name(int family, byte[] bytes) implements Comparable<Name> {
    static final int COUNTERS = 0;
    static final int FAMILIES = 5;

    @Override
    public boolean equals(Object other) {
      return other instanceof Name name
          && name.family == family
          && Arrays.equals(name.bytes, bytes);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(bytes) + family;
    }

    @Override
    public int compareTo(Name other) {
      int byFamily = Integer.compare(family, other.family);
      return byFamily != 0 ? byFamily : Arrays.compareUnsigned(bytes, other.bytes);
    }
  }
}
