package dev.mayfly.engine;

import dev.mayfly.engine.memory.HashIndex;
import dev.mayfly.store.SavedCounter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Which keys of one shard of counters have changed since the journal took them.
 *
 * <p>The first change of a key marks its record and notes its hash, later ones see the mark: so a
 * hit costs a look at a flag that lies beside what it writes. A record that moves takes its mark
 * along. Hashes of keys that have ended meanwhile stay until they are taken, and are sorted out
 * when there are too many of them.
 *
 * <p>Confined to whoever holds the shard's lock.
 */
final class CounterChanges implements HashIndex.KeyMatcher {
  private static final int[] NONE = new int[0];
  private static final byte[] ANY = new byte[0];
  private static final int HASHES_MIN = 1024;
  private static final int GONE_MAX = 16_384;
  private static final int GONE_PER_STEP = 1_024;
  private static final int BYTES_FIXED = 32;
  private static final int BYTES_PER_END = 4;

  private final CounterRecords records;
  private final CounterRestore copies;
  private final Deque<SavedCounter> gone = new ArrayDeque<>();
  private boolean on;
  private int[] hashes = NONE;
  private int count;

  CounterChanges(CounterRecords records, CounterRestore copies) {
    this.records = records;
    this.copies = copies;
  }

  void turnOn() {
    on = true;
  }

  /** A key of this index hash has changed. */
  void mark(int ref, int hash) {
    if (!on) {
      return;
    }
    long at = CounterRecords.at(ref);
    int flags = records.flags(at);
    if ((flags & CounterRecords.CHANGED) == 0) {
      records.flags(at, flags | CounterRecords.CHANGED);
      note(hash);
    }
  }

  private void note(int hash) {
    if (count == hashes.length) {
      if (count >= HASHES_MIN && count > 2 * records.index().size()) {
        sortOut();
      }
      hashes = Arrays.copyOf(hashes, Math.max(HASHES_MIN, 2 * count));
    }
    hashes[count++] = hash;
  }

  /** Forgets the hashes of what has ended: what is left fits into half of the room. */
  private void sortOut() {
    count = 0;
    long from = 0;
    while (from >= 0) {
      from =
          records
              .index()
              .scan(
                  from,
                  HASHES_MIN,
                  ref -> {
                    if (matches(ref, ANY)) {
                      hashes[count++] = records.indexHashOf(ref);
                    }
                  });
    }
  }

  /**
   * A key is about to go. Of most, what was handed over ends by itself; but leases may have been
   * given back since.
   */
  void onRemove(int ref) {
    boolean leases = on && records.kind(ref) == LeaseRecords.KIND;
    if (leases && matches(ref, ANY)) {
      if (gone.size() == GONE_MAX) {
        gone.removeFirst();
      }
      gone.addLast(CounterRestore.gone(records.namespace(ref).name(), records.key(ref)));
    }
  }

  int notedMax() {
    return hashes.length;
  }

  /** Hands over some keys that were ended; they may be there again. */
  void takeGone(List<SavedCounter> into) {
    for (int i = 0; i < GONE_PER_STEP && !gone.isEmpty(); i++) {
      into.add(gone.removeFirst());
    }
  }

  /** Hands over some that have changed; returns about how many bytes. */
  long take(long bytesMax, long nowMillis, List<SavedCounter> into) {
    long bytes = 0;
    while (bytes < bytesMax && count > 0) {
      int ref = records.index().find(hashes[--count], ANY, this);
      if (ref != 0) {
        long at = CounterRecords.at(ref);
        records.flags(at, records.flags(at) & ~CounterRecords.CHANGED);
        SavedCounter saved = copies.save(ref, nowMillis);
        if (saved == null && records.kind(ref) == LeaseRecords.KIND) {
          saved = CounterRestore.gone(records.namespace(ref).name(), records.key(ref));
        }
        if (saved != null) {
          into.add(saved);
          bytes += bytes(saved);
        }
      }
    }
    if (count == 0 && hashes.length > HASHES_MIN) {
      hashes = NONE;
    }
    return bytes;
  }

  private static long bytes(SavedCounter saved) {
    return BYTES_FIXED
        + saved.namespace().length
        + saved.key().length
        + (long) BYTES_PER_END * saved.ends().length;
  }

  /** Any marked record. */
  @Override
  public boolean matches(int ref, byte[] key) {
    return (records.flags(CounterRecords.at(ref)) & CounterRecords.CHANGED) != 0;
  }
}
