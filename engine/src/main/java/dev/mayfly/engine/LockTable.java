package dev.mayfly.engine;

import dev.mayfly.store.Lock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The locks held in one shard, and when the next one ends. Locks are few, so they live on the heap.
 *
 * <p>Confined to whoever holds the shard's lock, except {@link #nextDeadline}.
 */
final class LockTable {
  /** So many places of locks that ended early are left in the queue in any case. */
  private static final int STALE_KEPT = 1_024;

  private final Map<Key, Held> locks = new HashMap<>();
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final LockQueue waiting;
  private final Alarm alarm;
  private volatile long nextDeadline = Long.MAX_VALUE;

  /** No locks; what ends before all others raises the alarm. */
  LockTable(LockQueue waiting, Alarm alarm) {
    this.waiting = waiting;
    this.alarm = alarm;
  }

  /** Who waits for these locks. */
  LockQueue waiting() {
    return waiting;
  }

  /** The lock on this key, if there is one. */
  @Nullable Lock get(byte[] key) {
    Held held = locks.get(new Key(key));
    return held == null ? null : held.lock;
  }

  void put(byte[] key, Lock lock) {
    Held held = locks.computeIfAbsent(new Key(key), k -> new Held());
    held.lock = lock;
    // A later deadline is noticed when the queued one comes up, so one place in the queue is
    // enough.
    if (lock.deadlineMillis() < held.queuedMillis) {
      held.queuedMillis = lock.deadlineMillis();
      queue.add(new Due(held.queuedMillis, new Key(key)));
      if (queue.size() > STALE_KEPT + 2 * locks.size()) {
        queue.removeIf(this::isStale);
      }
      settle();
    }
  }

  /**
   * Whether a place in the queue is that of a lock that ended before its time, or was shortened.
   */
  private boolean isStale(Due due) {
    Held held = locks.get(due.key);
    return held == null || held.queuedMillis != due.millis;
  }

  void remove(byte[] key) {
    locks.remove(new Key(key));
    waiting.onEnded(key);
    if (locks.isEmpty()) {
      queue.clear();
      settle();
    }
  }

  int size() {
    return locks.size();
  }

  /** How many places the queue has, those of locks that ended early included. */
  int queued() {
    return queue.size();
  }

  /** No lock ends earlier; {@link Long#MAX_VALUE} when there is none. Safe on any thread. */
  long nextDeadline() {
    return nextDeadline;
  }

  /**
   * Some key whose lock has ended by now; null when there is none. The lock stays until removed.
   */
  byte @Nullable [] nextEnded(long nowMillis) {
    byte[] ended = null;
    while (ended == null && !queue.isEmpty() && queue.peek().millis <= nowMillis) {
      Due due = queue.remove();
      Held held = locks.get(due.key);
      if (held == null || held.queuedMillis != due.millis) {
        continue;
      }
      if (held.lock != null && held.lock.isHeld(nowMillis)) {
        held.queuedMillis = held.lock.deadlineMillis();
        queue.add(new Due(held.queuedMillis, due.key));
      } else {
        ended = due.key.bytes;
      }
    }
    settle();
    return ended;
  }

  private void settle() {
    Due first = queue.peek();
    long before = nextDeadline;
    nextDeadline = first == null ? Long.MAX_VALUE : first.millis;
    if (nextDeadline < before) {
      alarm.raise();
    }
  }

  private static final class Held {
    private @Nullable Lock lock;
    private long queuedMillis = Long.MAX_VALUE;
  }

  private record Due(long millis, Key key) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(millis, other.millis);
    }
  }

  /** Bytes with value equality. */
  private static final class Key {
    private final byte[] bytes;

    Key(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
