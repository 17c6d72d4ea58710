package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.Limit;

/**
 * Paces: for GCRA and token buckets, the moment until which a key has used up its share, its
 * theoretical arrival time. Both are one rule: a take of n units moves that moment n intervals on
 * from itself or from now, whichever is later, and is within the limit if that is no further ahead
 * of now than the capacity. An interval is rounded up to whole nanoseconds. Confined to whoever
 * holds the shard's lock.
 *
 * <p>References: ITU-T I.371, annex A.
 */
final class PaceRecords {
  /** The record's kind. */
  static final int KIND = 1;

  static final long NANOS_PER_MILLI = 1_000_000;

  private final CounterRecords records;
  private final Region region;

  PaceRecords(CounterRecords records) {
    this.records = records;
    region = records.region();
  }

  static int recordBytes(int keyLength) {
    return CounterRecords.KEY + keyLength + Long.BYTES;
  }

  /** In nanoseconds since the epoch. */
  long usedUntil(int ref) {
    long at = CounterRecords.at(ref);
    return region.getLong(at + records.body(at));
  }

  void usedUntil(int ref, long nanos) {
    long at = CounterRecords.at(ref);
    region.putLong(at + records.body(at), nanos);
    records.due(at, dueMillis(nanos));
  }

  /** When all is as if the key had never been used. */
  static long endMillis(long nanos) {
    return Math.ceilDiv(nanos, NANOS_PER_MILLI);
  }

  /** When the record is to end. */
  static long dueMillis(long nanos) {
    return endMillis(nanos) + CounterRecords.LINGER_MILLIS;
  }

  /** How long one unit takes. */
  static long intervalNanos(Limit limit) {
    return Math.ceilDiv(limit.periodMillis() * NANOS_PER_MILLI, limit.quantity());
  }
}
