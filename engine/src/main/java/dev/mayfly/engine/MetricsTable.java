package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.KeyMetrics;

/**
 * The key metrics of one shard: records of nine 32-bit numbers in a region that holds nothing else.
 *
 * <p>Counts are followed by the first and last time of what they count, in units of ten
 * milliseconds after the key's creation, plus one; 0 is never. All saturate.
 *
 * <p>A read counts itself without the lock, by opaque writes. It may hit a record that was freed,
 * or given to another key, a moment ago: then that key's access count is off by one. Nothing else
 * can be hit, because nothing else lives in this region. Everything else is done by whoever holds
 * the shard's lock.
 */
final class MetricsTable {
  /** The size of a record, to reckon with. */
  static final int RECORD_BYTES = 36;

  private static final int ACCESS = 0;
  private static final int SET = 12;
  private static final int LOCK = 24;
  private static final int MILLIS_PER_UNIT = 10;
  private static final int SATURATED = -1;

  private final Region region;
  private final RecordHeap heap;

  MetricsTable(Region region, RecordHeap heap) {
    this.region = region;
    this.heap = heap;
  }

  int allocate() {
    int ref = heap.allocate(RECORD_BYTES);
    region.fill(RecordHeap.offset(ref), RECORD_BYTES, (byte) 0);
    return ref;
  }

  void free(int ref) {
    heap.free(ref);
  }

  long allocatedBytes() {
    return heap.allocatedBytes();
  }

  /** Safe on any thread, whatever the reference. */
  void countAccess(int ref, long createdMillis, long nowMillis) {
    long at = RecordHeap.offset(ref);
    if (at + RECORD_BYTES <= region.size()) {
      count(at + ACCESS, createdMillis, nowMillis);
    }
  }

  void countSet(int ref, long createdMillis, long nowMillis) {
    count(RecordHeap.offset(ref) + SET, createdMillis, nowMillis);
  }

  void countLock(int ref, long createdMillis, long nowMillis) {
    count(RecordHeap.offset(ref) + LOCK, createdMillis, nowMillis);
  }

  private void count(long at, long createdMillis, long nowMillis) {
    int old = region.getIntOpaque(at);
    int now = encode(createdMillis, nowMillis);
    if (old == 0) {
      region.putIntOpaque(at + 4, now);
    }
    if (old != SATURATED) {
      region.putIntOpaque(at, old + 1);
    }
    region.putIntOpaque(at + 8, now);
  }

  /** What is known about a key created then. Safe on any thread, whatever the reference. */
  KeyMetrics read(int ref, long createdMillis) {
    long at = RecordHeap.offset(ref);
    return new KeyMetrics(
        number(at + ACCESS),
        time(at + ACCESS + 4, createdMillis),
        time(at + ACCESS + 8, createdMillis),
        number(at + SET),
        time(at + SET + 4, createdMillis),
        time(at + SET + 8, createdMillis),
        number(at + LOCK),
        time(at + LOCK + 4, createdMillis),
        time(at + LOCK + 8, createdMillis));
  }

  /** Gives a record what is known; needs the lock. */
  void write(int ref, long createdMillis, KeyMetrics known) {
    long at = RecordHeap.offset(ref);
    region.putIntOpaque(at + ACCESS, (int) known.accessCount());
    region.putIntOpaque(at + ACCESS + 4, units(createdMillis, known.firstAccessedMillis()));
    region.putIntOpaque(at + ACCESS + 8, units(createdMillis, known.lastAccessedMillis()));
    region.putIntOpaque(at + SET, (int) known.setCount());
    region.putIntOpaque(at + SET + 4, units(createdMillis, known.firstSetMillis()));
    region.putIntOpaque(at + SET + 8, units(createdMillis, known.lastSetMillis()));
    region.putIntOpaque(at + LOCK, (int) known.lockCount());
    region.putIntOpaque(at + LOCK + 4, units(createdMillis, known.firstLockedMillis()));
    region.putIntOpaque(at + LOCK + 8, units(createdMillis, known.lastLockedMillis()));
  }

  private static int units(long createdMillis, long timeMillis) {
    return timeMillis == 0 ? 0 : encode(createdMillis, timeMillis);
  }

  private long number(long at) {
    return region.getIntOpaque(at) & 0xFFFF_FFFFL;
  }

  private long time(long at, long createdMillis) {
    long units = number(at);
    return units == 0 ? 0 : createdMillis + (units - 1) * MILLIS_PER_UNIT;
  }

  private static int encode(long createdMillis, long nowMillis) {
    long units = Math.max(0, nowMillis - createdMillis) / MILLIS_PER_UNIT + 1;
    return (int) Math.min(units, 0xFFFF_FFFFL);
  }
}
