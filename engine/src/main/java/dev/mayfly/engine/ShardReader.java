package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.Entry;
import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lock;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of one shard without its lock, and with it.
 *
 * <p><b>Without.</b> Find the record and load its head; check the sequence: only now are the
 * lengths true, so that nothing is allocated for garbage. Copy the value; check again. After a few
 * rounds that writers voided, the caller takes the lock, so that a read waits for a bounded time.
 *
 * <p><b>Big values.</b> Any write to the shard would void a long copy. A record of {@link
 * #BIG_RECORD_BYTES} and more never changes its value in place, and no two states of an entry share
 * a modification revision; so if, after the copy, a checked look finds the same record with the
 * same revision, it was there all along, and the copy is true.
 *
 * <p>Safe for concurrent use.
 */
final class ShardReader {
  /** From this size on a record's value is never overwritten in place. */
  static final int BIG_RECORD_BYTES = 4096;

  /** Says that writers were in the way too often. */
  static final Entry CONTENDED =
      new Entry(new byte[0], 0, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null);

  private static final int ROUNDS = 16;
  private static final byte[] EMPTY = new byte[0];

  private final Sequence sequence;
  private final Records records;
  private final MetricsTable metrics;
  private final LeaseTable leases;
  private final Region region;

  ShardReader(ShardParts parts) {
    sequence = parts.sequence();
    records = parts.records();
    metrics = parts.metrics();
    leases = parts.leases();
    region = records.readable();
  }

  /** The entry, null when there is none, or {@link #CONTENDED}. */
  @Nullable Entry tryRead(ReadRequest request, int hash, Stamp stamp) {
    RecordHeader header = new RecordHeader(leases);
    for (int round = 0; round < ROUNDS; round++) {
      long before = sequence.read();
      if (Sequence.isWriting(before)) {
        Thread.onSpinWait();
        continue;
      }
      int ref = records.find(hash, request.key());
      if (ref != 0) {
        header.load(region, RecordHeap.offset(ref));
      }
      if (!sequence.isUnchanged(before)) {
        continue;
      }
      if (ref == 0 || !isLive(header, stamp)) {
        return null;
      }
      if (header.has(RecordHeader.LOCKED)) {
        return CONTENDED;
      }
      byte[] part = copy(request, ref, header);
      boolean whole =
          part.length == 0
              || (header.recordBytes() < BIG_RECORD_BYTES
                  ? sequence.isUnchanged(before)
                  : isStill(request.key(), hash, ref, header.revision));
      if (whole) {
        return entry(request, header, part, null, stamp);
      }
    }
    return CONTENDED;
  }

  /** Whether this is {@link #CONTENDED}, which is one object and not a value. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isContended(@Nullable Entry entry) {
    return entry == CONTENDED;
  }

  /** Whether a checked look finds this record with this revision. */
  private boolean isStill(byte[] key, int hash, int ref, long revision) {
    RecordHeader now = new RecordHeader(leases);
    for (int round = 0; round < ROUNDS; round++) {
      long before = sequence.read();
      if (Sequence.isWriting(before)) {
        Thread.onSpinWait();
        continue;
      }
      int found = records.find(hash, key);
      now.load(region, RecordHeap.offset(ref));
      if (sequence.isUnchanged(before)) {
        return found == ref && now.revision == revision;
      }
    }
    return false;
  }

  /** The entry of a record, or null when it is past its deadline; needs the shard's lock. */
  @Nullable Entry readLocked(ReadRequest request, int ref, @Nullable Lock lock, Stamp stamp) {
    RecordHeader header = new RecordHeader(leases);
    header.load(region, RecordHeap.offset(ref));
    if (!isLive(header, stamp)) {
      return null;
    }
    if (lock != null) {
      request.requireReadable(lock, stamp);
    }
    return entry(request, header, copy(request, ref, header), lock, stamp);
  }

  private static boolean isLive(RecordHeader header, Stamp stamp) {
    return !header.has(RecordHeader.TOMBSTONE)
        && (header.deadlineMillis == 0 || header.deadlineMillis > stamp.timeMillis());
  }

  private byte[] copy(ReadRequest request, int ref, RecordHeader header) {
    int length = Math.min(header.valueLength, Bounds.VALUE_BYTES_HARD_MAX);
    int start = request.start(length);
    int end = request.end(length);
    if (end <= start) {
      return EMPTY;
    }
    byte[] part = new byte[end - start];
    long at = RecordHeap.offset(ref) + header.valueOffset() + start;
    region.copyOut(at, part, 0, part.length);
    return part;
  }

  private Entry entry(
      ReadRequest request, RecordHeader header, byte[] part, @Nullable Lock lock, Stamp stamp) {
    KeyMetrics used = null;
    if (header.metricsRef != 0) {
      if (request.counted()) {
        metrics.countAccess(header.metricsRef, header.createdMillis, stamp.timeMillis());
      }
      if (request.metricsWanted()) {
        used = metrics.read(header.metricsRef, header.createdMillis);
      }
    }
    return new Entry(
        part,
        header.valueLength,
        header.revision,
        header.version,
        header.createdMillis,
        header.updatedMillis,
        header.deadlineMillis,
        header.lifespanMillis(),
        header.lifespanSetMillis,
        header.lease,
        header.contentTypeText(),
        lock,
        used);
  }
}
