package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.RegionFullException;
import dev.mayfly.store.Change;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Lock;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.SavedEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies the entries of one shard out, and puts them back, without events and revisions of its own.
 * Needs the shard's lock throughout.
 */
final class ShardRestore {
  private static final byte[] NO_VALUE = new byte[0];

  private final ShardParts parts;
  private final Records records;
  private final ShardUsage usage;
  private final History history;
  private final RecordHeader old;
  private final RecordHeader next;

  ShardRestore(ShardParts parts) {
    this.parts = parts;
    records = parts.records();
    usage = parts.usage();
    history = parts.history();
    old = new RecordHeader(parts.leases());
    next = new RecordHeader(parts.leases());
  }

  /** All of a record; null when its time has come and nothing is to be kept of it. */
  @Nullable SavedEntry save(int ref, long nowMillis) {
    RecordHeader header = new RecordHeader(parts.leases());
    long at = RecordHeap.offset(ref);
    header.load(records.region(), at);
    boolean due = header.deadlineMillis != 0 && header.deadlineMillis <= nowMillis;
    if (due && !leavesHistory(header)) {
      return null;
    }
    byte[] key = records.key(ref);
    byte[] value = new byte[header.valueLength];
    records.region().copyOut(at + header.valueOffset(), value, 0, value.length);
    Lock lock = header.has(RecordHeader.LOCKED) ? parts.locks().get(key) : null;
    List<PastValue> past = new ArrayList<>();
    history.readAll(header.historyRef, past);
    return new SavedEntry(
        key,
        value,
        header.revision,
        header.version,
        header.createdMillis,
        header.updatedMillis,
        header.deadlineMillis,
        header.lifespanSetMillis,
        header.lease,
        header.contentTypeText(),
        header.has(RecordHeader.TRACKED),
        header.has(RecordHeader.TOMBSTONE),
        lock != null && lock.isHeld(nowMillis) ? lock : null,
        header.metricsRef == 0
            ? null
            : parts.metrics().read(header.metricsRef, header.createdMillis),
        past);
  }

  private boolean leavesHistory(RecordHeader header) {
    return header.has(RecordHeader.TRACKED)
        && !header.has(RecordHeader.TOMBSTONE)
        && parts.config().deletedHistoryMillis() > 0;
  }

  /** Puts an entry back with all that belongs to it. */
  void restore(SavedEntry saved, int hash) {
    int ref = records.find(hash, saved.key());
    if (ref != 0) {
      drop(ref, hash);
    }
    int chain = 0;
    for (PastValue past : saved.history().reversed()) {
      byte[] type = text(past.contentType());
      int link = linkFor(History.bytesFor(type.length, past.value().length));
      history.push(link, chain, past, type);
      chain = link;
    }
    usage.historyKeys += chain == 0 ? 0 : 1;
    fill(saved);
    next.historyRef = chain;
    if (saved.metrics() != null) {
      next.metricsRef = metrics();
      parts.metrics().write(next.metricsRef, next.createdMillis, saved.metrics());
    }
    put(saved, hash, 0);
  }

  /** Does what a change did, unless the entry has it in it. */
  void replay(Change change, int hash) {
    int ref = records.find(hash, change.key());
    old.clear(change.key().length, 0);
    if (ref != 0) {
      old.load(records.region(), RecordHeap.offset(ref));
    }
    boolean known = old.revision >= change.revision();
    switch (change.kind()) {
      case PUT -> {
        if (!known && change.entry() != null) {
          replayPut(change, change.entry(), hash, ref);
        }
      }
      case REMOVE -> {
        if (!known && ref != 0 && !old.has(RecordHeader.TOMBSTONE)) {
          replayRemove(change, hash, ref);
        }
      }
      case CLEAR_HISTORY -> {
        if (old.revision == change.revision() && old.historyRef != 0) {
          dropHistory();
          records.clearHistoryRef(ref);
        }
      }
    }
  }

  private void replayPut(Change change, SavedEntry entry, int hash, int ref) {
    boolean isNew = ref == 0 || old.has(RecordHeader.TOMBSTONE);
    fill(entry);
    int chain = old.historyRef;
    if (isNew && chain != 0 && entry.version() == 1) {
      // The history had been forgotten by then, which no change tells.
      dropHistory();
      chain = 0;
    }
    boolean links = !isNew && change.newValue() && entry.tracked() && change.olderVersionsMax() > 0;
    if (links) {
      int link = linkFor(History.bytesFor(old));
      history.push(link, old, records.region(), RecordHeap.offset(ref));
      usage.historyKeys += chain == 0 ? 1 : 0;
      chain = link;
    }
    if (chain != 0 && change.newValue()) {
      chain = history.trim(chain, change.olderVersionsMax());
      usage.historyKeys -= chain == 0 ? 1 : 0;
    }
    next.historyRef = chain;
    next.metricsRef = old.metricsRef;
    if (change.metricsKept() && next.metricsRef == 0) {
      next.metricsRef = metrics();
    }
    if (next.metricsRef != 0 && change.newValue()) {
      long time = entry.updatedMillis() == 0 ? entry.createdMillis() : entry.updatedMillis();
      parts.metrics().countSet(next.metricsRef, next.createdMillis, time);
    }
    put(entry, hash, ref);
  }

  private void replayRemove(Change change, int hash, int ref) {
    if (change.keptUntilMillis() == 0) {
      drop(ref, hash);
      return;
    }
    leaveHistory(change.key(), hash, ref, change.timeMillis(), change.keptUntilMillis());
  }

  /** Leaves of an entry, which is loaded, its history and its last value. */
  private void leaveHistory(byte[] key, int hash, int ref, long goneMillis, long untilMillis) {
    int link = linkFor(History.bytesFor(old));
    history.push(link, old, records.region(), RecordHeap.offset(ref));
    usage.historyKeys += old.historyRef == 0 ? 1 : 0;
    forgetUse(ref);
    next.clear(key.length, goneMillis);
    next.version = old.version;
    next.revision = old.revision;
    next.deadlineMillis = untilMillis;
    next.lifespanSetMillis = goneMillis;
    next.flags = RecordHeader.TRACKED | RecordHeader.TOMBSTONE;
    next.historyRef = link;
    next.settle();
    records.replace(ref, allocate(), hash, next, key, NO_VALUE);
  }

  /** The head as the saved entry tells it, but for history and metrics. */
  private void fill(SavedEntry saved) {
    next.clear(saved.key().length, saved.createdMillis());
    next.revision = saved.revision();
    next.version = saved.version();
    next.updatedMillis = saved.updatedMillis();
    next.deadlineMillis = saved.deadlineMillis();
    next.lifespanSetMillis = saved.lifespanSetMillis();
    next.lease = saved.lease();
    next.valueLength = saved.value().length;
    next.contentType(saved.contentType());
    next.set(RecordHeader.TRACKED, saved.tracked());
    next.set(RecordHeader.TOMBSTONE, saved.gone());
    next.set(RecordHeader.LOCKED, saved.lock() != null);
  }

  private void put(SavedEntry saved, int hash, int ref) {
    next.settle();
    boolean wasEntry = ref != 0 && !old.has(RecordHeader.TOMBSTONE);
    if (wasEntry && old.lease != 0) {
      parts.leases().detach(old.lease, saved.key());
    }
    int made = allocate();
    if (ref == 0) {
      records.create(made, hash, next, saved.key(), saved.value());
    } else {
      records.replace(ref, made, hash, next, saved.key(), saved.value());
    }
    if (wasEntry) {
      usage.valueBytes -= old.valueLength;
      usage.lifespans -= old.deadlineMillis != 0 ? 1 : 0;
    } else if (!saved.gone()) {
      if (!parts.population().tryAdd(1)) {
        throw full("max-keys");
      }
      usage.keys++;
    }
    if (!saved.gone()) {
      usage.valueBytes += next.valueLength;
      usage.lifespans += next.deadlineMillis != 0 ? 1 : 0;
    }
    if (next.lease != 0) {
      parts.leases().attach(next.lease, saved.key());
    }
    if (saved.lock() != null) {
      parts.locks().put(saved.key(), saved.lock());
    } else if (wasEntry && old.has(RecordHeader.LOCKED)) {
      parts.locks().remove(saved.key());
    }
  }

  /** Removes what is past its deadline; the wheel hands it over. */
  void expire(int ref, long nowMillis) {
    old.load(records.region(), RecordHeap.offset(ref));
    if (old.deadlineMillis == 0 || old.deadlineMillis > nowMillis) {
      return;
    }
    byte[] key = records.key(ref);
    long ended = old.deadlineMillis;
    long until = ended + parts.config().deletedHistoryMillis();
    if (leavesHistory(old) && until > nowMillis) {
      leaveHistory(key, parts.indexHash(key), ref, ended, until);
    } else {
      drop(ref, parts.indexHash(key));
    }
  }

  /** Removes a record with all that belongs to it. */
  private void drop(int ref, int hash) {
    old.load(records.region(), RecordHeap.offset(ref));
    dropHistory();
    if (!old.has(RecordHeader.TOMBSTONE)) {
      forgetUse(ref);
    }
    records.remove(ref, hash);
    usage.release();
  }

  /** An entry is none any more. */
  private void forgetUse(int ref) {
    if (old.has(RecordHeader.LOCKED)) {
      parts.locks().remove(records.key(ref));
    }
    if (old.lease != 0) {
      parts.leases().detach(old.lease, records.key(ref));
    }
    if (old.metricsRef != 0) {
      parts.metrics().free(old.metricsRef);
    }
    usage.keys--;
    usage.valueBytes -= old.valueLength;
    usage.lifespans -= old.deadlineMillis != 0 ? 1 : 0;
    parts.population().remove(1);
  }

  private void dropHistory() {
    if (old.historyRef != 0) {
      history.drop(old.historyRef);
      usage.historyKeys--;
    }
  }

  private int allocate() {
    int bytes = next.recordBytes();
    reserve(RecordHeap.classSize(bytes));
    try {
      return records.heap().allocate(bytes);
    } catch (RegionFullException e) {
      throw full("the reserved address space");
    }
  }

  private int linkFor(int bytes) {
    reserve(RecordHeap.classSize(bytes));
    try {
      return parts.auxiliary().allocate(bytes);
    } catch (RegionFullException e) {
      throw full("the reserved address space");
    }
  }

  private int metrics() {
    reserve(MetricsTable.RECORD_BYTES);
    try {
      return parts.metrics().allocate();
    } catch (RegionFullException e) {
      throw full("the reserved address space");
    }
  }

  private void reserve(long bytes) {
    if (!usage.tryReserve(bytes)) {
      throw full("max-bytes (%d)".formatted(parts.config().bytesMax()));
    }
  }

  private static MayflyException full(String limit) {
    return new MayflyException(
        ErrorCode.STORE_FULL, "what the journal has does not fit into " + limit);
  }

  private static byte[] text(@Nullable String text) {
    return text == null ? NO_VALUE : text.getBytes(StandardCharsets.UTF_8);
  }
}
