package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;

/**
 * Leases of a key, in the order in which they end: for each its name (8 bytes), when it ends (8)
 * and how much it holds (4). The record's number is how many there are, none for a while after the
 * last has ended; it is due when that while is over. Confined to whoever holds the shard's lock.
 */
final class LeaseRecords {
  /** The record's kind. */
  static final int KIND = 2;

  private static final int ENDS = 8;
  private static final int HOLDS = 16;
  private static final int LEASE = 20;
  private static final int SPARE = 2 * LEASE;

  private final CounterRecords records;
  private final Region region;

  LeaseRecords(CounterRecords records) {
    this.records = records;
    region = records.region();
  }

  static int recordBytes(int keyLength) {
    return CounterRecords.KEY + keyLength + LEASE;
  }

  /** When the record is to end. */
  static long dueMillis(long lastEndMillis) {
    return lastEndMillis + CounterRecords.LINGER_MILLIS;
  }

  /** What all leases hold together. */
  long held(int ref) {
    long first = first(ref);
    long held = 0;
    for (int i = 0; i < size(ref); i++) {
      held += region.getInt(first + (long) i * LEASE + HOLDS);
    }
    return held;
  }

  int size(int ref) {
    return (int) records.number(CounterRecords.at(ref));
  }

  /** When the last lease ends; there must be one. */
  long lastEnd(int ref) {
    return region.getLong(first(ref) + (size(ref) - 1L) * LEASE + ENDS);
  }

  /** Copies all leases. */
  void copyOut(int ref, long[] ends, long[] holds, long[] names) {
    long first = first(ref);
    for (int i = 0; i < size(ref); i++) {
      long at = first + (long) i * LEASE;
      names[i] = region.getLong(at);
      ends[i] = region.getLong(at + ENDS);
      holds[i] = region.getInt(at + HOLDS);
    }
  }

  /** When so much will have been given back, by leases that end. */
  long endOf(int ref, long quantity) {
    long first = first(ref);
    long left = quantity;
    int i = 0;
    do {
      left -= region.getInt(first + (long) i * LEASE + HOLDS);
      i++;
    } while (left > 0 && i < size(ref));
    return region.getLong(first + (i - 1L) * LEASE + ENDS);
  }

  /** Takes away the leases that have ended; none may be left. */
  void discard(int ref, long nowMillis) {
    long first = first(ref);
    int size = size(ref);
    int ended = 0;
    while (ended < size && region.getLong(first + (long) ended * LEASE + ENDS) <= nowMillis) {
      ended++;
    }
    if (ended > 0) {
      cut(ref, 0, ended);
    }
  }

  /** Adds a lease; returns the record's ref, a new one if it had to grow. */
  int add(int ref, long lease, long endMillis, long quantity) {
    int size = size(ref);
    int used = records.body(CounterRecords.at(ref)) + size * LEASE;
    int roomy = ref;
    if (used + LEASE > records.heap().capacity(ref)) {
      roomy = records.resize(ref, used + LEASE + SPARE + size / 2 * LEASE, used);
    }
    long first = first(roomy);
    int place = size;
    while (place > 0 && region.getLong(first + (place - 1L) * LEASE + ENDS) > endMillis) {
      place--;
    }
    long to = first + (long) place * LEASE;
    shift(to, to + LEASE, size - place);
    region.putLong(to, lease);
    region.putLong(to + ENDS, endMillis);
    region.putInt(to + HOLDS, (int) quantity);
    long at = CounterRecords.at(roomy);
    records.number(at, size + 1L);
    records.due(at, Math.max(records.due(at), dueMillis(endMillis)));
    return roomy;
  }

  /** Ends one lease; returns whether it was there. */
  boolean remove(int ref, long lease, long nowMillis) {
    long first = first(ref);
    int size = size(ref);
    for (int i = 0; i < size; i++) {
      if (region.getLong(first + (long) i * LEASE) == lease) {
        cut(ref, i, 1);
        if (i == size - 1) {
          hasten(ref, dueMillis(i == 0 ? nowMillis : lastEnd(ref)));
        }
        return true;
      }
    }
    return false;
  }

  private void hasten(int ref, long dueMillis) {
    if (dueMillis < records.due(CounterRecords.at(ref))) {
      records.hasten(ref, dueMillis);
    }
  }

  private void cut(int ref, int from, int count) {
    long first = first(ref);
    int size = size(ref);
    long behind = first + (long) (from + count) * LEASE;
    shift(behind, first + (long) from * LEASE, size - from - count);
    records.number(CounterRecords.at(ref), (long) size - count);
  }

  private void shift(long from, long to, int leases) {
    if (leases > 0) {
      region.move(from, to, (long) leases * LEASE);
    }
  }

  private long first(int ref) {
    long at = CounterRecords.at(ref);
    return at + records.body(at);
  }
}
