package dev.mayfly.engine;

import dev.mayfly.store.SavedCounter;
import java.util.List;

/**
 * Copies the keys of one {@link CounterShard} out for a journal, in steps, and puts them back. Safe
 * for concurrent use: each method takes the shard's lock.
 */
final class CounterCopies {
  private final CounterShard shard;
  private final ShardLock lock;
  private final CounterRecords records;
  private final CounterRestore restore;
  private final CounterChanges changes;

  CounterCopies(
      CounterShard shard,
      ShardLock lock,
      CounterRecords records,
      CounterRestore restore,
      CounterChanges changes) {
    this.shard = shard;
    this.lock = lock;
    this.records = records;
    this.restore = restore;
    this.changes = changes;
  }

  /** Copies some records in the order of their hashes; returns the hash to go on from, or -1. */
  long save(long from, int entriesMax, long nowMillis, List<SavedCounter> into) {
    lock.lock();
    try {
      return records
          .index()
          .scan(
              from,
              entriesMax,
              ref -> {
                SavedCounter saved = restore.save(ref, nowMillis);
                if (saved != null) {
                  into.add(saved);
                }
              });
    } finally {
      lock.unlock();
    }
  }

  /** Puts a key back that is not there; false if the namespace is closed. */
  boolean restore(CounterNamespace namespace, long whole, SavedCounter saved) {
    lock.lock();
    try {
      if (records.find(namespace, whole, saved.key()) != 0) {
        return true;
      }
      int kind = restore.kind(saved);
      int bytes = restore.bytes(saved);
      long due = restore.dueMillis(saved);
      int made = shard.createOnce(namespace, whole, saved.key(), kind, bytes, due);
      return fill(namespace, made, saved);
    } finally {
      lock.unlock();
    }
  }

  /** Puts a key in the place of what it was; false if the namespace is closed. */
  boolean replace(CounterNamespace namespace, long whole, SavedCounter saved) {
    lock.lock();
    try {
      int ref = records.find(namespace, whole, saved.key());
      if (ref != 0) {
        if (records.kind(ref) == WindowRecords.KIND) {
          var _ = shard.discard(ref, Long.MAX_VALUE);
        }
        shard.remove(ref);
      }
      if (saved.ends().length == 0) {
        return true;
      }
      int kind = restore.kind(saved);
      int bytes = restore.bytes(saved);
      long due = restore.dueMillis(saved);
      int made = shard.create(namespace, whole, saved.key(), kind, bytes, due);
      return fill(namespace, made, saved);
    } finally {
      lock.unlock();
    }
  }

  private boolean fill(CounterNamespace namespace, int made, SavedCounter saved) {
    if (made == 0) {
      return false;
    }
    restore.fill(made, saved);
    shard.onRestored(namespace, saved);
    return true;
  }

  void recordChanges() {
    lock.lock();
    try {
      changes.turnOn();
    } finally {
      lock.unlock();
    }
  }

  /** For how many changes there is room that may not have been taken. */
  int notedMax() {
    lock.lock();
    try {
      return changes.notedMax();
    } finally {
      lock.unlock();
    }
  }

  /** Hands over some keys that were ended; they may be there again. */
  void takeGone(List<SavedCounter> into) {
    lock.lock();
    try {
      changes.takeGone(into);
    } finally {
      lock.unlock();
    }
  }

  boolean has(CounterNamespace namespace, long whole, byte[] key) {
    lock.lock();
    try {
      return records.find(namespace, whole, key) != 0;
    } finally {
      lock.unlock();
    }
  }

  /** Hands over some that have changed; returns about how many bytes, 0 if there are no more. */
  long takeChanged(long bytesMax, long nowMillis, List<SavedCounter> into) {
    lock.lock();
    try {
      return changes.take(bytesMax, nowMillis, into);
    } finally {
      lock.unlock();
    }
  }
}
