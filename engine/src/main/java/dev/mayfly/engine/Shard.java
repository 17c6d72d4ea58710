package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.store.Absence;
import dev.mayfly.store.Decision;
import dev.mayfly.store.Entry;
import dev.mayfly.store.EntryView;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Lock;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReapRequest;
import dev.mayfly.store.ReservedKeys;
import dev.mayfly.store.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the keyspace: the keys whose hash begins with its number. It runs transitions on them,
 * one at a time, and answers reads beside that without the lock.
 *
 * <p>Every method says whether it takes the lock or needs it held. What is past its deadline is
 * ended, with its event, before a transition sees it; reads take it for gone.
 */
final class Shard {
  private final ShardLock lock = new ShardLock();
  private final ShardParts parts;
  private final Alarm alarm;
  private final Records records;
  private final ShardReader reader;
  private final ShardWriter writer;
  private final RecordView view;
  private final Decision decision;
  private final LockQueue waiting;
  private boolean passing;
  private final long[] events = new long[EventKind.values().length + 1];

  Shard(ShardParts parts) {
    this.parts = parts;
    records = parts.records();
    alarm = parts.alarm();
    waiting = parts.locks().waiting();
    decision = new Decision(parts.config().bounds());
    view = new RecordView(records.region(), parts.leases());
    reader = new ShardReader(parts);
    writer = new ShardWriter(parts, view, events);
  }

  ShardParts parts() {
    return parts;
  }

  Records records() {
    return records;
  }

  /** Raised where work of this shard has come up earlier than any there was; takes no lock. */
  Alarm alarm() {
    return alarm;
  }

  /** The lock, for operations on several shards, which take it in the order of their numbers. */
  ShardLock lock() {
    return lock;
  }

  /** Reads a key; takes the lock only where a read without it does not come through. */
  @Nullable Entry read(ReadRequest request, int hash, Stamp stamp) {
    Entry entry = reader.tryRead(request, hash, stamp);
    if (!ShardReader.isContended(entry)) {
      return entry;
    }
    lock.lock();
    try {
      return readLocked(request, hash, stamp);
    } finally {
      lock.unlock();
    }
  }

  /** Reads a key; needs the lock. */
  @Nullable Entry readLocked(ReadRequest request, int hash, Stamp stamp) {
    int ref = records.find(hash, request.key());
    if (ref == 0) {
      return null;
    }
    return reader.readLocked(request, ref, lockOf(ref, request.key(), stamp), stamp);
  }

  private @Nullable Lock lockOf(int ref, byte[] key, Stamp stamp) {
    if ((records.flags(ref) & RecordHeader.LOCKED) == 0) {
      return null;
    }
    Lock held = parts.locks().get(key);
    return held != null && held.isHeld(stamp.timeMillis()) ? held : null;
  }

  /**
   * Runs a transition; takes the lock. It looks for the record before, as a reader does, so that
   * nobody waits behind the lock for a slow look into memory. What it found holds if the shard was
   * not written to until the lock was taken.
   */
  <R extends @Nullable Object> R apply(KeyMutation<R> mutation, int hash, Stamp stamp) {
    long seen = parts.sequence().read();
    int found = records.touch(hash, mutation.key());
    lock.lock();
    try {
      if (!parts.sequence().isStill(seen)) {
        found = records.find(hash, mutation.key());
      }
      return applyFound(mutation, hash, found, stamp);
    } finally {
      letGo(stamp.timeMillis());
    }
  }

  /**
   * Lets the lock go after a change: passes the locks of keys that ended on to who waits for them,
   * and calls back. Every step that may end a key's lock ends so.
   */
  void letGo(long nowMillis) {
    if (!waiting.isDue()) {
      lock.unlock();
      parts.log().signal();
      return;
    }
    List<Runnable> calls = takeCalls(nowMillis);
    lock.unlock();
    parts.log().signal();
    LockQueue.makeCalls(calls);
  }

  /** Passes on the locks that ended, and returns whom to call back; needs the lock. */
  List<Runnable> takeCalls(long nowMillis) {
    if (!waiting.isDue()) {
      return List.of();
    }
    byte[] key = waiting.takeEnded();
    while (key != null) {
      passOn(key, parts.indexHash(key), nowMillis);
      key = waiting.takeEnded();
    }
    return waiting.takeCalls();
  }

  /** Gives the lock of a key to the first who waits and can have it. */
  private void passOn(byte[] key, int hash, long nowMillis) {
    LockQueue.Place next = waiting.first(key);
    passing = true;
    while (next != null && tryPassTo(next, hash, nowMillis)) {
      next = waiting.first(key);
    }
    passing = false;
  }

  /** Whether this waiter has left the queue, with the lock or without. */
  private boolean tryPassTo(LockQueue.Place next, int hash, long nowMillis) {
    try {
      Stamp stamp = new Stamp(nowMillis, next.client);
      waiting.grant(next, applyLocked(next.request, hash, stamp));
    } catch (MayflyException e) {
      if (e.code() == ErrorCode.LOCKED) {
        return false;
      }
      waiting.refuse(next, e);
    } catch (RuntimeException e) {
      waiting.refuse(next, new MayflyException(ErrorCode.INTERNAL, "lock not passed on", e));
    }
    return true;
  }

  /**
   * Takes the lock of a key, or a place among those who wait for it; takes the lock.
   *
   * @param waitMillis how long to wait at most; 0: not at all
   * @return the place; null when the waiter is called back at once
   */
  LockQueue.@Nullable Place await(
      LockRequest request, int hash, long waitMillis, Stamp stamp, LockWaiter waiter) {
    lock.lock();
    try {
      waiting.requireOpen();
      LockResult result = applyLocked(request, hash, stamp);
      waiting.call(() -> waiter.onGranted(result));
      return null;
    } catch (MayflyException e) {
      if (e.code() != ErrorCode.LOCKED) {
        throw e;
      }
      if (waitMillis > 0) {
        return waiting.add(request, stamp.client(), waiter, stamp.timeMillis() + waitMillis);
      }
      waiting.call(() -> waiter.onRefused(e));
      return null;
    } finally {
      letGo(stamp.timeMillis());
    }
  }

  /** Gives a place up; takes the lock. Returns whether it was still waiting. */
  boolean leave(LockQueue.Place place) {
    lock.lock();
    try {
      return waiting.leave(place);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses all who wait for locks; takes the lock. */
  void refuseWaiters(MayflyException refusal, long nowMillis) {
    lock.lock();
    try {
      waiting.refuseAll(refusal);
    } finally {
      letGo(nowMillis);
    }
  }

  /** Refuses all who wait for locks, and whoever comes; takes the lock. */
  void closeWaiting(long nowMillis) {
    lock.lock();
    try {
      waiting.close();
    } finally {
      letGo(nowMillis);
    }
  }

  /** Runs a transition; needs the lock. The caller signals the log once it has let go of it. */
  <R extends @Nullable Object> R applyLocked(KeyMutation<R> mutation, int hash, Stamp stamp) {
    return applyFound(mutation, hash, records.find(hash, mutation.key()), stamp);
  }

  private <R extends @Nullable Object> R applyFound(
      KeyMutation<R> mutation, int hash, int found, Stamp stamp) {
    int ref = live(found, mutation.key(), hash, stamp.timeMillis());
    decision.clear();
    mutation.decide(shown(ref), stamp, decision);
    return mutation.result(decision, writer.commit(decision, mutation.key(), hash, ref, stamp));
  }

  /**
   * Only decides, for a transaction that is to be done as a whole; needs the lock.
   *
   * @return the key's record, for {@link #shown} and {@link #carryOutLocked}; 0: none
   */
  int decideLocked(KeyMutation<?> mutation, int hash, Stamp stamp, Decision into) {
    int ref = findLive(mutation.key(), hash, stamp.timeMillis());
    into.clear();
    mutation.decide(shown(ref), stamp, into);
    return ref;
  }

  /** The entry of the record that was looked for last, until the next look; needs the lock. */
  @Nullable EntryView shown(int ref) {
    return ref != 0 && !view.header().has(RecordHeader.TOMBSTONE) ? view : null;
  }

  /**
   * Carries out what was decided for a record; needs the lock, held since, and no other change of
   * this key meanwhile.
   */
  <R extends @Nullable Object> R carryOutLocked(
      KeyMutation<R> mutation, Decision decided, int hash, int ref, Stamp stamp) {
    if (ref != 0) {
      show(ref, mutation.key());
    }
    return mutation.result(decided, writer.commit(decided, mutation.key(), hash, ref, stamp));
  }

  /** Carries out what was decided; needs the lock. */
  long commitLocked(Decision decided, byte[] key, int hash, Stamp stamp) {
    int ref = findLive(key, hash, stamp.timeMillis());
    return writer.commit(decided, key, hash, ref, stamp);
  }

  /** The entry as transitions see it, until the next call; needs the lock. */
  @Nullable EntryView viewLocked(byte[] key, int hash, Stamp stamp) {
    return shown(findLive(key, hash, stamp.timeMillis()));
  }

  /** Observes whether a key comes; null when it is there. Takes the lock. */
  @Nullable Absence absence(byte[] key, int hash, Stamp stamp) {
    lock.lock();
    try {
      return viewLocked(key, hash, stamp) == null ? parts.absences().observe(key, lock) : null;
    } finally {
      letGo(stamp.timeMillis());
    }
  }

  /** A copy of the entry; needs the lock. */
  @Nullable EntryView copyLocked(byte[] key, int hash, Stamp stamp) {
    EntryView live = viewLocked(key, hash, stamp);
    return live == null ? null : EntryCopy.of(live);
  }

  /** Reads one version of a value; takes the lock. */
  PastValue history(HistoryRequest request, int hash, Stamp stamp) {
    lock.lock();
    try {
      int ref = findLive(request.key(), hash, stamp.timeMillis());
      if (ref == 0) {
        throw new MayflyException(ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.summary());
      }
      ReadRequest.value(request.key()).requireReadable(view.lock(), stamp);
      RecordHeader header = view.header();
      boolean gone = header.has(RecordHeader.TOMBSTONE);
      // Of a key that is gone, the last value is one version before the current state.
      long current = gone ? header.version + 1 : header.version;
      long wanted = request.version() > 0 ? request.version() : current + request.version();
      PastValue value =
          wanted == current && !gone ? current() : parts.history().read(header.historyRef, wanted);
      if (value == null) {
        throw new MayflyException(
            ErrorCode.VERSION_NOT_FOUND,
            "version %d is not held: the newest is %d".formatted(request.version(), current));
      }
      return value;
    } finally {
      letGo(stamp.timeMillis());
    }
  }

  private PastValue current() {
    long updated = view.updatedMillis();
    return new PastValue(
        view.value(),
        view.contentType(),
        view.version(),
        view.revision(),
        updated != 0 ? updated : view.createdMillis());
  }

  /** The record of a key, shown in the view, after what is past has been ended. */
  private int findLive(byte[] key, int hash, long nowMillis) {
    return live(records.find(hash, key), key, hash, nowMillis);
  }

  /** The same of a record that was found already. */
  private int live(int ref, byte[] key, int hash, long nowMillis) {
    if (ref == 0) {
      return 0;
    }
    show(ref, key);
    RecordHeader header = view.header();
    Lock held = view.lock();
    boolean expired = header.deadlineMillis != 0 && header.deadlineMillis <= nowMillis;
    if (!expired && (held == null || held.isHeld(nowMillis))) {
      return ref;
    }
    reapShown(ReapRequest.Reason.TIME, key, hash, ref, nowMillis);
    // Whoever waits for the lock comes before whoever found it ended.
    if (waiting.isDue() && !passing && waiting.takeEnded(key)) {
      passOn(key, hash, nowMillis);
    }
    return findLive(key, hash, nowMillis);
  }

  private void show(int ref, byte[] key) {
    boolean locked = (records.flags(ref) & RecordHeader.LOCKED) != 0;
    view.show(RecordHeap.offset(ref), locked ? parts.locks().get(key) : null);
  }

  private boolean reapShown(
      ReapRequest.Reason reason, byte[] key, int hash, int ref, long nowMillis) {
    if (view.header().has(RecordHeader.TOMBSTONE)) {
      writer.dropTombstone(ref, hash);
      return false;
    }
    Stamp stamp = new Stamp(nowMillis, ReservedKeys.SYSTEM_CLIENT);
    ReapRequest request = new ReapRequest(key, reason);
    decision.clear();
    request.decide(view, stamp, decision);
    return request.result(decision, writer.commit(decision, key, hash, ref, stamp));
  }

  /**
   * Ends what a record's time has come for, or removes its key to make room; needs the lock.
   *
   * @return whether a key is gone
   */
  boolean reapLocked(ReapRequest.Reason reason, int ref, long nowMillis) {
    byte[] key = records.key(ref);
    show(ref, key);
    return reapShown(reason, key, parts.indexHash(key), ref, nowMillis);
  }

  /** Ends the lifespan or the lock of this key where its time has come; needs the lock. */
  void reapKeyLocked(byte[] key, long nowMillis) {
    findLive(key, parts.indexHash(key), nowMillis);
  }

  /** How many events of each kind were told; needs the lock. */
  void addEventsTo(long[] sums) {
    for (int i = 0; i < events.length; i++) {
      sums[i] += events[i];
    }
  }

  ShardWriter writer() {
    return writer;
  }

  ShardAllocator allocator() {
    return writer.allocator();
  }

  /** What pruning needs to know of this record; null when it must stay. Needs the lock. */
  Pruner.@Nullable Candidate candidateLocked(int ref, long nowMillis) {
    byte[] key = records.key(ref);
    show(ref, key);
    RecordHeader header = view.header();
    boolean young = header.createdMillis >= nowMillis;
    boolean locked = view.lock() != null && view.lock().isHeld(nowMillis);
    if (header.has(RecordHeader.TOMBSTONE) || young || locked) {
      return null;
    }
    KeyMetrics metrics =
        header.metricsRef == 0
            ? null
            : parts.metrics().read(header.metricsRef, header.createdMillis);
    double score = Pruner.score(metrics, header.createdMillis, header.updatedMillis, nowMillis);
    return new Pruner.Candidate(key, score);
  }
}
