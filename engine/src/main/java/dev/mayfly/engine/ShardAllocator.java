package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.RegionFullException;
import dev.mayfly.store.Decision;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import org.jspecify.annotations.Nullable;

/**
 * Finds what changes of one shard need before they are made: a place among all keys, memory for the
 * record, for a link of history and for metrics, within the limits of the store. A refusal leaves
 * everything as it was.
 *
 * <p>Confined to whoever holds the shard's lock, as are the heads it works on: that of the entry as
 * it is, which the view shows, and that of the entry as it will be.
 */
final class ShardAllocator {
  private static final int RECORD_HEAD_MAX = 320;

  private final ShardParts parts;
  private final RecordView view;
  private final RecordHeader next;

  private Population.@Nullable Places places;

  ShardAllocator(ShardParts parts, RecordView view, RecordHeader next) {
    this.parts = parts;
    this.view = view;
    this.next = next;
  }

  /**
   * What was allocated for a change: a new record and a link of history, each 0 where not needed.
   */
  record Room(int ref, int link) {
    static final Room IN_PLACE = new Room(0, 0);
  }

  /** Keys are made and removed in these places from here on; null: in those of all. */
  void useOnly(Population.@Nullable Places places) {
    this.places = places;
  }

  /**
   * Room for a key that is not there.
   *
   * @param ref the tombstone in its place; 0: none
   * @throws MayflyException STORE_FULL
   */
  Room forNewKey(Decision decision, int ref) {
    Population.Places own = places;
    boolean fits = own == null ? parts.population().tryAdd(1) : own.tryTake();
    if (!fits) {
      throw full("%d keys".formatted(parts.config().keysMax()));
    }
    try {
      return forChange(decision, ref);
    } catch (MayflyException e) {
      giveKeyBack();
      throw e;
    }
  }

  /** A key is gone, or will not come: its place among the keys is free. */
  void giveKeyBack() {
    if (places == null) {
      parts.population().remove(1);
    } else {
      places.giveBack();
    }
  }

  /**
   * Room for the entry as it will be, in whose head the flags of history and metrics, and the
   * reference of the latter, are set where they are new.
   *
   * @throws MayflyException STORE_FULL
   */
  Room forChange(Decision decision, int ref) {
    RecordHeader old = view.header();
    boolean links =
        ref != 0
            && !old.has(RecordHeader.TOMBSTONE)
            && decision.value() != null
            && next.has(RecordHeader.TRACKED)
            && parts.history().olderVersionsMax(decision) > 0;
    boolean metrics = decision.keepsMetrics() && next.metricsRef == 0;
    if (links) {
      next.set(RecordHeader.HISTORY, true);
    }
    if (metrics) {
      next.set(RecordHeader.METRICS, true);
    }
    boolean inPlace = ref != 0 && fitsInPlace(old, decision.value() != null);
    if (inPlace && !links && !metrics) {
      return Room.IN_PLACE;
    }
    int bytes = inPlace ? 0 : next.recordBytes();
    RecordHeader linked = links ? old : null;
    if (!parts.usage().tryReserve(needed(bytes, linked, metrics))) {
      throw full("%d bytes".formatted(parts.config().bytesMax()));
    }
    return allocate(bytes, linked, metrics);
  }

  /** Room for what stays of a key that goes, its last value included; null when there is none. */
  @Nullable Room tryForTombstone() {
    int bytes = next.recordBytes();
    if (!parts.usage().tryReserve(needed(bytes, view.header(), false))) {
      return null;
    }
    try {
      return allocate(bytes, view.header(), false);
    } catch (MayflyException e) {
      return null;
    }
  }

  private static long needed(int bytes, @Nullable RecordHeader linked, boolean metrics) {
    long needed = bytes == 0 ? 0 : RecordHeap.classSize(bytes);
    needed += linked == null ? 0 : RecordHeap.classSize(History.bytesFor(linked));
    return needed + (metrics ? MetricsTable.RECORD_BYTES : 0);
  }

  private Room allocate(int bytes, @Nullable RecordHeader linked, boolean metrics) {
    int ref = 0;
    int link = 0;
    try {
      ref = bytes == 0 ? 0 : parts.records().heap().allocate(bytes);
      link = linked == null ? 0 : parts.history().allocate(linked);
      if (metrics) {
        next.metricsRef = parts.metrics().allocate();
      }
      return new Room(ref, link);
    } catch (RegionFullException e) {
      if (ref != 0) {
        parts.records().heap().free(ref);
      }
      if (link != 0) {
        parts.auxiliary().free(link);
      }
      throw full("the reserved address space");
    }
  }

  /**
   * Whether the entry stays in its record. A big value never changes in place: readers copy it
   * without a check of the shard's sequence and rely on that.
   */
  private boolean fitsInPlace(RecordHeader old, boolean valueChanges) {
    int oldBytes = old.recordBytes();
    int bytes = next.recordBytes();
    if (!valueChanges && next.isLaidOutAs(old)) {
      return true;
    }
    return Math.max(oldBytes, bytes) < ShardReader.BIG_RECORD_BYTES
        && RecordHeap.classSize(oldBytes) == RecordHeap.classSize(bytes);
  }

  /** No change that this decision makes takes more memory. */
  long bytesAtMost(Decision decision, byte[] key) {
    byte[] value = decision.value();
    RecordHeader old = view.header();
    long bytes =
        (long) RECORD_HEAD_MAX + key.length + (value == null ? old.valueLength : value.length);
    return (long) RecordHeap.classSize((int) bytes)
        + RecordHeap.classSize(History.bytesFor(old))
        + MetricsTable.RECORD_BYTES;
  }

  private static MayflyException full(String limit) {
    return new MayflyException(ErrorCode.STORE_FULL, "the store is full: its limit is " + limit);
  }
}
