package dev.mayfly.engine;

import dev.mayfly.engine.Pruner.Candidate;
import dev.mayfly.engine.memory.HashIndex;
import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.RegionFullException;
import dev.mayfly.store.Change;
import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.EntryView;
import dev.mayfly.store.Lock;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReapRequest;
import dev.mayfly.store.SavedEntry;
import dev.mayfly.store.ScanPage.ScannedEntry;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SweepRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The long work of one shard, in steps that each hold its lock for a short time: scans, sweeps,
 * expiry, growth of the index, compaction.
 */
final class ShardSteps {
  private static final int REFS_PER_ROUND = 16;
  private static final int VALUE_BYTES_PER_STEP = 1 << 20;
  private static final int ROUNDS_PER_STEP = 16;
  private static final int SLOTS_PER_STEP = 512;
  private static final int SAVED_PER_STEP = 64;
  private static final long SAVED_BYTES = 256 << 10;
  private static final byte[] NO_KEY = new byte[0];

  private final Shard shard;
  private final ShardParts parts;
  private final Records records;
  private final ShardRestore restore;
  private final Compactor compactor;
  private int[] found = new int[REFS_PER_ROUND];
  private int foundCount;

  ShardSteps(Shard shard) {
    this.shard = shard;
    parts = shard.parts();
    records = parts.records();
    restore = new ShardRestore(parts);
    compactor = new Compactor(records.heap(), this::tryMove);
  }

  /**
   * Looks at entries in the order of their hashes; takes the lock.
   *
   * @param from the first hash to look at
   * @param entriesMax about how many entries it looks at, at least one round
   * @return the hash to go on from; -1 at the end
   */
  long scan(long from, int entriesMax, ScanRequest request, Stamp stamp, List<ScannedEntry> into) {
    shard.lock().lock();
    try {
      long next = from;
      int seen = 0;
      long bytes = 0;
      while (next >= 0 && seen < entriesMax && bytes < VALUE_BYTES_PER_STEP) {
        next = collect(next, Math.min(REFS_PER_ROUND, entriesMax - seen));
        seen += foundCount;
        for (int i = 0; i < foundCount; i++) {
          bytes += scanOne(found[i], request, stamp, into);
        }
      }
      return next;
    } finally {
      shard.lock().unlock();
    }
  }

  /**
   * Copies entries in the order of their hashes, with all that belongs to them; takes the lock.
   *
   * @return the hash to go on from; -1 at the end
   */
  long save(long from, int entriesMax, long nowMillis, List<SavedEntry> into) {
    shard.lock().lock();
    try {
      long next = from;
      int seen = 0;
      long bytes = 0;
      while (next >= 0 && seen < Math.min(entriesMax, SAVED_PER_STEP) && bytes < SAVED_BYTES) {
        next = collect(next, REFS_PER_ROUND);
        seen += foundCount;
        for (int i = 0; i < foundCount; i++) {
          SavedEntry saved = restore.save(found[i], nowMillis);
          if (saved != null) {
            into.add(saved);
            bytes += saved.bytes();
          }
        }
      }
      return next;
    } finally {
      shard.lock().unlock();
    }
  }

  /** Puts an entry back; takes the lock. */
  void restore(SavedEntry saved, int hash) {
    shard.lock().lock();
    try {
      restore.restore(saved, hash);
    } finally {
      shard.lock().unlock();
    }
  }

  /** Does again what a change did; takes the lock. */
  void replay(Change change, int hash) {
    shard.lock().lock();
    try {
      restore.replay(change, hash);
    } finally {
      shard.lock().unlock();
    }
  }

  /** Removes what is past, without events; takes the lock. */
  void endRestore(long nowMillis) {
    shard.lock().lock();
    try {
      records.wheel().advance(nowMillis, Integer.MAX_VALUE, ref -> restore.expire(ref, nowMillis));
    } finally {
      shard.lock().unlock();
    }
  }

  private int scanOne(int ref, ScanRequest request, Stamp stamp, List<ScannedEntry> into) {
    byte[] key = records.key(ref);
    if (!request.filter().accepts(key)) {
      return 0;
    }
    Entry entry = shard.readLocked(scanned(key, request.valuesWanted()), index(key), stamp);
    if (entry == null) {
      return 0;
    }
    into.add(new ScannedEntry(key, entry));
    return entry.value().length;
  }

  private static ReadRequest scanned(byte[] key, boolean valueWanted) {
    ReadRequest.Part part = valueWanted ? ReadRequest.Part.VALUE : ReadRequest.Part.METADATA;
    return new ReadRequest(key, part, 0, -1, false, false, false);
  }

  /**
   * Removes keys, or history, in the order of their hashes; takes the lock.
   *
   * @param sums receives how many keys and how many versions
   * @return the hash to go on from; -1 at the end
   */
  long sweep(long from, int entriesMax, SweepRequest request, Stamp stamp, long[] sums) {
    shard.lock().lock();
    try {
      long next = from;
      int seen = 0;
      while (next >= 0 && seen < entriesMax) {
        next = collect(next, Math.min(REFS_PER_ROUND, entriesMax - seen));
        seen += foundCount;
        int count = foundCount;
        for (int i = 0; i < count; i++) {
          sweepOne(found[i], request, stamp, sums);
        }
      }
      return next;
    } finally {
      shard.letGo(stamp.timeMillis());
    }
  }

  private void sweepOne(int ref, SweepRequest request, Stamp stamp, long[] sums) {
    byte[] key = records.key(ref);
    if (!request.filter().accepts(key)) {
      return;
    }
    EntryView view = shard.viewLocked(key, index(key), stamp);
    Lock held = view == null ? null : view.lock();
    if (held != null && !request.forced()) {
      return;
    }
    if (request.what() == SweepRequest.What.HISTORY) {
      int live = records.find(index(key), key);
      int versions = live == 0 ? 0 : shard.writer().clearHistory(live);
      sums[0] += versions > 0 ? 1 : 0;
      sums[1] += versions;
    } else if (view != null) {
      shard.applyLocked(new DeleteRequest(key, Condition.ALWAYS, true), index(key), stamp);
      sums[0]++;
    }
  }

  private long collect(long from, int entriesMax) {
    foundCount = 0;
    return records.index().scan(from, entriesMax, this::found);
  }

  private void found(int ref) {
    if (foundCount == found.length) {
      found = Arrays.copyOf(found, 2 * foundCount);
    }
    found[foundCount++] = ref;
  }

  private int index(byte[] key) {
    return parts.indexHash(key);
  }

  /** No work of this shard comes up earlier, milliseconds since the epoch. Takes no lock. */
  long nextDue() {
    LockTable locks = parts.locks();
    long due = Math.min(locks.nextDeadline(), locks.waiting().nextDeadline());
    return Math.min(records.wheel().nextDue(), due);
  }

  /**
   * Ends what is past, at most about {@code entriesMax} of it; takes the lock.
   *
   * @return whether there may be more by this time
   */
  boolean expire(long nowMillis, int entriesMax) {
    shard.lock().lock();
    try {
      int done = records.wheel().advance(nowMillis, entriesMax, ref -> expireOne(ref, nowMillis));
      byte[] key = parts.locks().nextEnded(nowMillis);
      while (key != null && done < entriesMax) {
        shard.reapKeyLocked(key, nowMillis);
        done++;
        key = parts.locks().nextEnded(nowMillis);
      }
      if (key != null) {
        shard.reapKeyLocked(key, nowMillis);
      }
      parts.locks().waiting().expire(nowMillis);
      return done >= entriesMax;
    } finally {
      shard.letGo(nowMillis);
    }
  }

  /**
   * Ends lifespans that are past by the millisecond, at most about so many, for whoever needs their
   * room; takes the lock, unless there are none.
   *
   * @return how many keys are gone
   */
  int endPast(long nowMillis, int entriesMax) {
    if (!records.wheel().mayBeDueWithinTick(nowMillis)) {
      return 0;
    }
    shard.lock().lock();
    try {
      long before = parts.usage().keys;
      int done;
      do {
        done =
            records
                .wheel()
                .advanceWithinTick(nowMillis, entriesMax, ref -> expireOne(ref, nowMillis));
        // Those whose deadlines have become later are no reason to stop.
      } while (done >= entriesMax && parts.usage().keys == before);
      return (int) (before - parts.usage().keys);
    } finally {
      shard.letGo(nowMillis);
    }
  }

  private void expireOne(int ref, long nowMillis) {
    shard.reapLocked(ReapRequest.Reason.TIME, ref, nowMillis);
  }

  /**
   * Goes one step in growing or shrinking the index, and gives back what the shard does not need;
   * takes the lock.
   *
   * @return whether there is more to do
   */
  boolean tidy() {
    shard.lock().lock();
    try {
      HashIndex index = records.index();
      if (index.isMigrating()) {
        parts.sequence().begin();
        index.step(SLOTS_PER_STEP);
        parts.sequence().end();
      }
      parts.usage().release();
      return index.isMigrating();
    } finally {
      shard.lock().unlock();
    }
  }

  /**
   * Goes one step in moving records out of sparse slabs, where much memory is wasted; takes the
   * lock.
   *
   * @return whether there is more to do
   */
  boolean compact() {
    shard.lock().lock();
    try {
      return compactor.step();
    } finally {
      shard.lock().unlock();
    }
  }

  /** Whether so much memory is wasted that compaction should hurry; takes the lock. */
  boolean wastesVeryMuch() {
    shard.lock().lock();
    try {
      return compactor.isUrgent();
    } finally {
      shard.lock().unlock();
    }
  }

  private boolean tryMove(int ref) {
    byte[] key = records.key(ref);
    RecordHeader header = new RecordHeader(shard.parts().leases());
    header.load(records.region(), RecordHeap.offset(ref));
    int bytes = header.recordBytes();
    int target;
    try {
      target = records.heap().allocate(bytes);
    } catch (RegionFullException e) {
      return false;
    }
    records.move(ref, target, index(key), bytes);
    return true;
  }

  /**
   * Looks for keys that may be pruned, in the order of hashes; takes the lock.
   *
   * @return the hash to go on from; -1 at the end
   */
  long candidates(long from, long nowMillis, List<Candidate> into) {
    shard.lock().lock();
    try {
      long next = from;
      for (int round = 0; round < ROUNDS_PER_STEP && next >= 0; round++) {
        next = collect(next, REFS_PER_ROUND);
        for (int i = 0; i < foundCount; i++) {
          Candidate candidate = shard.candidateLocked(found[i], nowMillis);
          if (candidate != null) {
            into.add(candidate);
          }
        }
      }
      return next;
    } finally {
      shard.lock().unlock();
    }
  }

  /** Some key that may be pruned, near a hash; null when there is none just there. */
  @Nullable Candidate sample(int hash, long nowMillis) {
    shard.lock().lock();
    try {
      int ref = records.index().sample(hash);
      return ref == 0 ? null : shard.candidateLocked(ref, nowMillis);
    } finally {
      shard.lock().unlock();
    }
  }

  /** Removes a key to make room, unless it is locked or gone; takes the lock. */
  boolean prune(byte[] key, long nowMillis) {
    shard.lock().lock();
    try {
      int ref = records.find(index(key), key);
      return ref != 0 && shard.reapLocked(ReapRequest.Reason.PRUNE, ref, nowMillis);
    } finally {
      shard.letGo(nowMillis);
    }
  }

  /** Gives back all memory that is granted to the shard and not used; takes the lock. */
  void releaseMemory() {
    shard.lock().lock();
    try {
      parts.usage().releaseAll();
    } finally {
      shard.lock().unlock();
    }
  }

  /** Some entry, or none; takes the lock. */
  byte[] sampleKey(int hash) {
    shard.lock().lock();
    try {
      int ref = records.index().sample(hash);
      return ref == 0 ? NO_KEY : records.key(ref);
    } finally {
      shard.lock().unlock();
    }
  }
}
