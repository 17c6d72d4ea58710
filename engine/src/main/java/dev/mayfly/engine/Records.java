package dev.mayfly.engine;

import dev.mayfly.engine.memory.HashIndex;
import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.Region;
import dev.mayfly.engine.memory.TimingWheel;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one shard in native memory, with the index that finds them and the wheel that
 * knows when they end.
 *
 * <p>Written by whoever holds the shard's lock, inside a section of the shard's {@link Sequence};
 * {@link #find} and {@link #readable} serve readers without the lock, who check the sequence
 * afterwards.
 */
final class Records implements HashIndex.KeyMatcher, TimingWheel.Links {
  private static final int CACHE_LINE_BYTES = 64;

  private final Region readable;
  private final Region region;
  private final RecordHeap heap;
  private final HashIndex index;
  private final TimingWheel wheel;
  private final Sequence sequence;
  private final LeaseTable leases;

  Records(
      Region region,
      RecordHeap heap,
      HashIndex index,
      Sequence sequence,
      LeaseTable leases,
      Alarm alarm,
      long nowMillis) {
    this.readable = region;
    this.region = region.strict();
    this.heap = heap;
    this.index = index;
    this.sequence = sequence;
    this.leases = leases;
    this.wheel = new TimingWheel(this, nowMillis, alarm::raise);
  }

  /** The memory as readers see it: any access is safe, none is to be trusted. */
  Region readable() {
    return readable;
  }

  /** The memory as the writer sees it. */
  Region region() {
    return region;
  }

  HashIndex index() {
    return index;
  }

  TimingWheel wheel() {
    return wheel;
  }

  RecordHeap heap() {
    return heap;
  }

  /** The record of this key; 0 when there is none. Safe on any thread. */
  int find(int hash, byte[] key) {
    return index.find(hash, key, this);
  }

  /**
   * The record of this key as {@link #find} gives it, whose lines of memory are all asked for at
   * once if it is small: else the processor would wait for each of them in turn.
   */
  int touch(int hash, byte[] key) {
    int ref = find(hash, key);
    if (ref != 0) {
      long at = RecordHeap.offset(ref);
      readable.touch(at + CACHE_LINE_BYTES);
      readable.touch(at + 2 * CACHE_LINE_BYTES);
    }
    return ref;
  }

  /** Where the record begins that most likely has the key of this hash; safe on any thread. */
  long likelyOffset(int hash) {
    return RecordHeap.offset(index.first(hash));
  }

  @Override
  public boolean matches(int ref, byte[] key) {
    long at = RecordHeap.offset(ref);
    return RecordHeader.keyLength(readable, at) == key.length
        && readable.matches(at + RecordHeader.keyOffset(readable, at), key, 0, key.length);
  }

  /** A copy of the record's key. */
  byte[] key(int ref) {
    long at = RecordHeap.offset(ref);
    byte[] key = new byte[RecordHeader.keyLength(region, at)];
    region.copyOut(at + RecordHeader.keyOffset(region, at), key, 0, key.length);
    return key;
  }

  int flags(int ref) {
    return RecordHeader.flags(region, RecordHeap.offset(ref));
  }

  /** Puts a new record, allocated and unseen so far. */
  void create(int ref, int hash, RecordHeader header, byte[] key, byte[] value) {
    fill(ref, header, key, value);
    sequence.begin();
    try {
      index.insert(hash, ref);
    } finally {
      sequence.end();
    }
    if (header.has(RecordHeader.EXPIRES)) {
      wheel.schedule(ref);
    }
  }

  /** Replaces a record by a new one, allocated and unseen so far, and frees the old one. */
  void replace(int oldRef, int ref, int hash, RecordHeader header, byte[] key, byte[] value) {
    fill(ref, header, key, value);
    int oldFlags = flags(oldRef);
    long oldAt = RecordHeap.offset(oldRef);
    long oldDeadline =
        (oldFlags & RecordHeader.EXPIRES) == 0
            ? 0
            : RecordHeader.deadlineMillis(region, oldAt, leases);
    boolean stays = staysInWheel(oldRef, oldDeadline, header.deadlineMillis);
    if (stays) {
      RecordHeader.copyLinks(region, oldAt, RecordHeap.offset(ref));
      wheel.moved(oldRef, ref);
    } else if (oldDeadline != 0) {
      wheel.cancel(oldRef);
    }
    sequence.begin();
    index.replace(hash, oldRef, ref);
    RecordHeader.erase(region, oldAt);
    heap.free(oldRef);
    sequence.end();
    if (!stays && header.has(RecordHeader.EXPIRES)) {
      wheel.schedule(ref);
    }
  }

  /** Changes a record where it is: its head, and key and value unless {@code value} is null. */
  void update(int ref, RecordHeader old, RecordHeader header, byte[] key, byte @Nullable [] value) {
    long at = RecordHeap.offset(ref);
    boolean stays = staysInWheel(ref, old.deadlineMillis, header.deadlineMillis);
    if (old.deadlineMillis != 0 && !stays) {
      wheel.cancel(ref);
    }
    boolean isKeyInPlace = header.isLaidOutAs(old);
    long keyAt = at + header.keyOffset();
    sequence.begin();
    header.store(region, at);
    if (!isKeyInPlace) {
      region.copyIn(key, 0, keyAt, key.length);
    }
    if (value != null) {
      region.copyIn(value, 0, keyAt + key.length, value.length);
    }
    sequence.end();
    if (header.deadlineMillis != 0 && !stays) {
      wheel.schedule(ref);
    }
  }

  /**
   * Whether the wheel need not be told of a new deadline: it puts back by itself what is due later.
   * An entry that the wheel has just handed over as due is no longer in it.
   */
  private boolean staysInWheel(int ref, long oldDeadline, long deadline) {
    return oldDeadline != 0 && deadline >= oldDeadline && wheel.isScheduled(ref);
  }

  /** Removes a record and frees it. */
  void remove(int ref, int hash) {
    if ((flags(ref) & RecordHeader.EXPIRES) != 0) {
      wheel.cancel(ref);
    }
    sequence.begin();
    index.remove(hash, ref);
    RecordHeader.erase(region, RecordHeap.offset(ref));
    heap.free(ref);
    sequence.end();
  }

  /** Forgets the older versions of a record, whose field for them stays, empty. */
  void clearHistoryRef(int ref) {
    sequence.begin();
    RecordHeader.clearHistory(region, RecordHeap.offset(ref));
    sequence.end();
  }

  /** Moves a record to another place, allocated by the caller, for compaction. */
  void move(int ref, int target, int hash, int bytes) {
    long from = RecordHeap.offset(ref);
    region.move(from, RecordHeap.offset(target), bytes);
    if ((flags(ref) & RecordHeader.EXPIRES) != 0) {
      wheel.moved(ref, target);
    }
    sequence.begin();
    index.replace(hash, ref, target);
    RecordHeader.erase(region, from);
    heap.free(ref);
    sequence.end();
  }

  private void fill(int ref, RecordHeader header, byte[] key, byte[] value) {
    long at = RecordHeap.offset(ref);
    header.store(region, at);
    long keyAt = at + header.keyOffset();
    region.copyIn(key, 0, keyAt, key.length);
    region.copyIn(value, 0, keyAt + key.length, value.length);
  }

  // The wheel's links in the records.

  @Override
  public int previous(int ref) {
    return RecordHeader.linkBack(region, RecordHeap.offset(ref));
  }

  @Override
  public int next(int ref) {
    return RecordHeader.linkOn(region, RecordHeap.offset(ref));
  }

  @Override
  public void previous(int ref, int value) {
    RecordHeader.linkBack(region, RecordHeap.offset(ref), value);
  }

  @Override
  public void next(int ref, int value) {
    RecordHeader.linkOn(region, RecordHeap.offset(ref), value);
  }

  @Override
  public long deadline(int ref) {
    return RecordHeader.deadlineMillis(region, RecordHeap.offset(ref), leases);
  }
}
