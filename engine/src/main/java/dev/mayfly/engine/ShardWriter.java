package dev.mayfly.engine;

import dev.mayfly.engine.ShardAllocator.Room;
import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.store.Decision;
import dev.mayfly.store.Lock;
import dev.mayfly.store.Stamp;

/**
 * Carries out decisions in one shard: memory, index, wheel, history, locks, metrics, event log.
 *
 * <p>Confined to whoever holds the shard's lock. All memory that a change needs is allocated before
 * the revision is claimed, so that nothing can fail between the claim and the publication of its
 * place in the log; a refusal leaves everything as it was.
 */
final class ShardWriter {
  private static final byte[] NO_VALUE = new byte[0];

  private final ShardParts parts;
  private final Records records;
  private final ShardUsage usage;
  private final History history;
  private final RecordView view;
  private final RecordHeader next;
  private final ShardAllocator allocator;
  private final EventAppender appender;

  ShardWriter(ShardParts parts, RecordView view, long[] events) {
    this.parts = parts;
    this.view = view;
    next = new RecordHeader(parts.leases());
    allocator = new ShardAllocator(parts, view, next);
    records = parts.records();
    usage = parts.usage();
    history = parts.history();
    appender = new EventAppender(parts.log(), records.region(), events);
  }

  /** What finds the memory for changes. */
  ShardAllocator allocator() {
    return allocator;
  }

  /**
   * Carries out a decision.
   *
   * @param ref the key's record, which the view shows; 0 when there is none. It may be a tombstone
   * @return the revision of the mutation; the entry's own, or 0 without one, when nothing changes
   */
  long commit(Decision decision, byte[] key, int hash, int ref, Stamp stamp) {
    return switch (decision.outcome()) {
      case KEEP -> keep(decision, ref, stamp);
      case REMOVE -> remove(decision, key, hash, ref, stamp);
      case PUT -> put(decision, key, hash, ref, stamp);
      case PASS -> pass(key);
    };
  }

  private long keep(Decision decision, int ref, Stamp stamp) {
    RecordHeader header = view.header();
    if (ref == 0 || header.has(RecordHeader.TOMBSTONE)) {
      return 0;
    }
    countUse(decision, header, stamp);
    return header.revision;
  }

  private long pass(byte[] key) {
    parts.absences().onCreated(key);
    return 0;
  }

  private void countUse(Decision decision, RecordHeader header, Stamp stamp) {
    if (header.metricsRef == 0) {
      return;
    }
    if (decision.isSetCounted()) {
      parts.metrics().countSet(header.metricsRef, header.createdMillis, stamp.timeMillis());
    }
    if (decision.isLockCounted()) {
      parts.metrics().countLock(header.metricsRef, header.createdMillis, stamp.timeMillis());
    }
  }

  private long put(Decision decision, byte[] key, int hash, int ref, Stamp stamp) {
    boolean isNew = ref == 0 || view.header().has(RecordHeader.TOMBSTONE);
    prepare(decision, key, ref, isNew, stamp.timeMillis());
    if (!isNew && isOverwrite(decision)) {
      return overwrite(decision, key, ref, stamp);
    }
    Room room = isNew ? allocator.forNewKey(decision, ref) : allocator.forChange(decision, ref);
    long revision = appender.claim(decision, stamp, key, next);
    try {
      next.revision = revision;
      carryOut(decision, key, hash, ref, room);
      countUse(decision, next, stamp);
      account(isNew);
      if (isNew && !parts.absences().isEmpty()) {
        parts.absences().onCreated(key);
      }
      if (ref != 0 && room.ref() != 0) {
        usage.release();
      }
      lock(decision, key, revision);
      lease(isNew ? 0 : view.header().lease, next.lease, key);
      int now = room.ref() != 0 ? room.ref() : ref;
      long valueAt = RecordHeap.offset(now) + next.valueOffset();
      appender.write(valueAt);
      if (parts.changes().isOn()) {
        record(decision, key, valueAt);
      }
    } catch (RuntimeException e) {
      appender.abandon();
      throw e;
    }
    appender.publish();
    return revision;
  }

  /**
   * Whether nothing but the value, of the same length, and times change, which is what most writes
   * are: then there is nothing to allocate or to count, and only the log to tell.
   */
  private boolean isOverwrite(Decision decision) {
    RecordHeader old = view.header();
    return next.flags == old.flags
        && (next.flags & RecordHeader.ATTACHED) == 0
        && next.valueLength == old.valueLength
        && next.lease == old.lease
        && decision.value() != null
        && !decision.keepsMetrics()
        && next.recordBytes() < ShardReader.BIG_RECORD_BYTES;
  }

  private long overwrite(Decision decision, byte[] key, int ref, Stamp stamp) {
    long revision = appender.claim(decision, stamp, key, next);
    try {
      next.revision = revision;
      records.update(ref, view.header(), next, key, decision.value());
      appender.write(0);
      if (parts.changes().isOn()) {
        record(decision, key, RecordHeap.offset(ref) + next.valueOffset());
      }
    } catch (RuntimeException e) {
      appender.abandon();
      throw e;
    }
    appender.publish();
    return revision;
  }

  /** Before the revision can be read: see {@link EngineJournal}. */
  private void record(Decision decision, byte[] key, long valueAt) {
    Lock held = next.has(RecordHeader.LOCKED) ? parts.locks().get(key) : null;
    boolean newValue = decision.value() != null;
    parts
        .changes()
        .put(
            next,
            key,
            records.region(),
            valueAt,
            held,
            newValue,
            history.olderVersionsMax(decision));
  }

  private void carryOut(Decision decision, byte[] key, int hash, int ref, Room room) {
    RecordHeader old = view.header();
    int chain = ref == 0 ? 0 : old.historyRef;
    if (room.link() != 0) {
      history.push(room.link(), old, records.region(), RecordHeap.offset(ref));
      usage.historyKeys += chain == 0 ? 1 : 0;
      chain = room.link();
    }
    if (chain != 0 && decision.value() != null) {
      next.historyRef = history.trim(chain, history.olderVersionsMax(decision));
      usage.historyKeys -= next.historyRef == 0 ? 1 : 0;
    }
    write(decision, key, hash, ref, room.ref());
  }

  /** Makes the head of the entry as it will be; its revision comes later. */
  private void prepare(Decision decision, byte[] key, int ref, boolean isNew, long nowMillis) {
    byte[] value = decision.value();
    if (isNew) {
      next.clear(key.length, nowMillis);
      next.version = 1;
      if (ref != 0) {
        next.historyRef = view.header().historyRef;
        next.version = view.header().version + 1;
        next.set(RecordHeader.TRACKED, true);
      }
    } else {
      next.copy(view.header());
      if (value != null) {
        next.version++;
        next.updatedMillis = nowMillis;
      }
    }
    if (value != null) {
      next.valueLength = value.length;
    }
    if (decision.isContentTypeChanged()) {
      next.contentType(decision.contentType());
    }
    if (decision.isLifespanChanged()) {
      next.lease = decision.lease();
      next.deadlineMillis =
          next.lease == 0 ? decision.deadlineMillis() : parts.leases().deadlineMillis(next.lease);
      next.lifespanSetMillis = decision.lifespanSetMillis();
    }
    if (decision.isLockChanged()) {
      next.set(RecordHeader.LOCKED, decision.lock() != null);
    }
    if (decision.isTracked()) {
      next.set(RecordHeader.TRACKED, true);
    }
    next.settle();
  }

  private void write(Decision decision, byte[] key, int hash, int ref, int newRef) {
    RecordHeader old = view.header();
    byte[] value = decision.value();
    if (newRef == 0) {
      boolean stays = value == null && next.isLaidOutAs(old);
      byte[] written = stays ? null : value == null ? view.value() : value;
      records.update(ref, old, next, key, written);
      return;
    }
    byte[] written = value == null ? view.value() : value;
    if (ref == 0) {
      records.create(newRef, hash, next, key, written);
    } else {
      records.replace(ref, newRef, hash, next, key, written);
    }
  }

  private void account(boolean isNew) {
    RecordHeader old = view.header();
    usage.valueBytes += next.valueLength - (isNew ? 0 : old.valueLength);
    boolean had = !isNew && old.deadlineMillis != 0;
    usage.lifespans += (next.deadlineMillis != 0 ? 1 : 0) - (had ? 1 : 0);
    usage.keys += isNew ? 1 : 0;
  }

  private void lock(Decision decision, byte[] key, long revision) {
    if (!decision.isLockChanged()) {
      return;
    }
    Lock lock = decision.lock();
    if (lock == null) {
      parts.locks().remove(key);
    } else {
      long token = lock.token() == 0 ? revision : lock.token();
      parts
          .locks()
          .put(key, new Lock(lock.owner(), token, lock.createdMillis(), lock.deadlineMillis()));
    }
  }

  private void lease(long old, long now, byte[] key) {
    if (old == now) {
      return;
    }
    if (old != 0) {
      parts.leases().detach(old, key);
    }
    if (now != 0) {
      parts.leases().attach(now, key);
    }
  }

  private long remove(Decision decision, byte[] key, int hash, int ref, Stamp stamp) {
    RecordHeader old = view.header();
    long revision = appender.claim(decision, stamp, key, old);
    try {
      if (parts.changes().isOn()) {
        parts.changes().removing(revision);
      }
      appender.write(RecordHeap.offset(ref) + old.valueOffset());
      if (old.has(RecordHeader.LOCKED)) {
        parts.locks().remove(key);
      }
      if (old.metricsRef != 0) {
        parts.metrics().free(old.metricsRef);
      }
      lease(old.lease, 0, key);
      usage.keys--;
      usage.valueBytes -= old.valueLength;
      usage.lifespans -= old.deadlineMillis != 0 ? 1 : 0;
      allocator.giveKeyBack();
      boolean historyStays =
          old.has(RecordHeader.TRACKED) && leaveTombstone(key, hash, ref, stamp.timeMillis());
      if (!historyStays) {
        dropHistory(old);
        records.remove(ref, hash);
      }
      if (parts.changes().isOn()) {
        long until = historyStays ? stamp.timeMillis() + parts.config().deletedHistoryMillis() : 0;
        parts.changes().remove(key, revision, stamp.timeMillis(), until);
      }
    } catch (RuntimeException e) {
      appender.abandon();
      throw e;
    }
    appender.publish();
    usage.release();
    return revision;
  }

  /** Keeps the history of a key that goes, the last value included, where that is asked for. */
  private boolean leaveTombstone(byte[] key, int hash, int ref, long nowMillis) {
    RecordHeader old = view.header();
    long kept = parts.config().deletedHistoryMillis();
    if (kept == 0) {
      return false;
    }
    next.clear(key.length, nowMillis);
    next.version = old.version;
    next.revision = old.revision;
    next.deadlineMillis = nowMillis + kept;
    next.lifespanSetMillis = nowMillis;
    next.flags = RecordHeader.TRACKED | RecordHeader.TOMBSTONE | RecordHeader.HISTORY;
    next.historyRef = 1;
    next.settle();
    Room room = allocator.tryForTombstone();
    if (room == null) {
      // No room to remember it: the key goes all the same, and its history with it.
      return false;
    }
    history.push(room.link(), old, records.region(), RecordHeap.offset(ref));
    usage.historyKeys += old.historyRef == 0 ? 1 : 0;
    next.historyRef = room.link();
    records.replace(ref, room.ref(), hash, next, key, NO_VALUE);
    return true;
  }

  /** Forgets a key that is gone already; the view shows its record. */
  void dropTombstone(int ref, int hash) {
    dropHistory(view.header());
    records.remove(ref, hash);
    usage.release();
  }

  private void dropHistory(RecordHeader old) {
    if (old.historyRef != 0) {
      history.drop(old.historyRef);
      usage.historyKeys--;
    }
  }

  /**
   * Drops the older versions of the entry that the view shows.
   *
   * @return how many there were
   */
  int clearHistory(int ref) {
    int versions = history.length(view.header().historyRef);
    if (versions > 0) {
      dropHistory(view.header());
      records.clearHistoryRef(ref);
      usage.release();
      if (parts.changes().isOn()) {
        parts.changes().clearHistory(records.key(ref), view.header().revision);
      }
    }
    return versions;
  }
}
