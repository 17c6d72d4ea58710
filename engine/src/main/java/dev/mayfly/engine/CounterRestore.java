package dev.mayfly.engine;

import dev.mayfly.engine.CounterNamespace.Name;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedCounter.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Copies records of counters and limits out of one shard, and puts them back. Needs the shard's
 * lock throughout.
 */
final class CounterRestore {
  private static final long[] NONE = new long[0];

  private final CounterRecords records;
  private final WindowRecords windows;
  private final LeaseRecords leases;
  private final PaceRecords paces;

  CounterRestore(CounterRecords records, WindowRecords windows, LeaseRecords leases) {
    this.records = records;
    this.windows = windows;
    this.leases = leases;
    paces = new PaceRecords(records);
  }

  /** All of a record; null when nothing of it counts any more. */
  @Nullable SavedCounter save(int ref, long nowMillis) {
    Name name = records.namespace(ref).name();
    SavedCounter.Kind kind = SavedCounter.Kind.of(name.family());
    byte[] namespace = name.bytes().clone();
    byte[] key = records.key(ref);
    return switch (records.kind(ref)) {
      case WindowRecords.KIND -> {
        if (windows.lastDeadline(ref) <= nowMillis) {
          yield null;
        }
        yield windows.save(ref, kind, namespace, key);
      }
      case LeaseRecords.KIND -> saveLeases(ref, kind, namespace, key, nowMillis);
      default -> savePace(ref, kind, namespace, key, nowMillis);
    };
  }

  private @Nullable SavedCounter savePace(
      int ref, SavedCounter.Kind kind, byte[] namespace, byte[] key, long nowMillis) {
    long used = paces.usedUntil(ref);
    if (PaceRecords.endMillis(used) <= nowMillis) {
      return null;
    }
    return new SavedCounter(kind, namespace, key, false, new long[] {used}, NONE, NONE);
  }

  private @Nullable SavedCounter saveLeases(
      int ref, SavedCounter.Kind kind, byte[] namespace, byte[] key, long nowMillis) {
    int size = leases.size(ref);
    if (size == 0 || leases.lastEnd(ref) <= nowMillis) {
      return null;
    }
    long[] ends = new long[size];
    long[] holds = new long[size];
    long[] names = new long[size];
    leases.copyOut(ref, ends, holds, names);
    return new SavedCounter(kind, namespace, key, false, ends, holds, names);
  }

  /** What tells that a key of leases is gone. */
  static SavedCounter gone(Name name, byte[] key) {
    return new SavedCounter(
        SavedCounter.Kind.of(name.family()), name.bytes().clone(), key, false, NONE, NONE, NONE);
  }

  /** When nothing of it counts any more. */
  static long endMillis(SavedCounter saved) {
    long last = saved.ends().length == 0 ? 0 : saved.ends()[saved.ends().length - 1];
    boolean paced = saved.kind() == Kind.GCRA || saved.kind() == Kind.TOKEN_BUCKET;
    return paced ? PaceRecords.endMillis(last) : last;
  }

  /** How long a record is at first. */
  int bytes(SavedCounter saved) {
    return switch (saved.kind()) {
      case COUNTER, SLIDING_WINDOW -> WindowRecords.recordBytes(saved.key().length);
      case GCRA, TOKEN_BUCKET -> PaceRecords.recordBytes(saved.key().length);
      case CONCURRENCY -> LeaseRecords.recordBytes(saved.key().length);
      case LEASE, CLIENT -> throw notCounted(saved);
    };
  }

  /** What a record's kind is. */
  int kind(SavedCounter saved) {
    return switch (saved.kind()) {
      case COUNTER, SLIDING_WINDOW -> WindowRecords.KIND;
      case GCRA, TOKEN_BUCKET -> PaceRecords.KIND;
      case CONCURRENCY -> LeaseRecords.KIND;
      case LEASE, CLIENT -> throw notCounted(saved);
    };
  }

  /** When a record is first due. */
  long dueMillis(SavedCounter saved) {
    return switch (saved.kind()) {
      case GCRA, TOKEN_BUCKET -> PaceRecords.dueMillis(saved.ends()[0]);
      case COUNTER, SLIDING_WINDOW -> saved.ends()[0];
      case CONCURRENCY -> LeaseRecords.dueMillis(saved.ends()[saved.ends().length - 1]);
      case LEASE, CLIENT -> throw notCounted(saved);
    };
  }

  /** Fills a new record. */
  void fill(int ref, SavedCounter saved) {
    switch (saved.kind()) {
      case COUNTER, SLIDING_WINDOW -> windows.restore(ref, saved);
      case GCRA, TOKEN_BUCKET -> paces.usedUntil(ref, saved.ends()[0]);
      case CONCURRENCY -> {
        long at = CounterRecords.at(ref);
        records.number(at, 0);
        int now = ref;
        for (int i = 0; i < saved.ends().length; i++) {
          now = leases.add(now, saved.names()[i], saved.ends()[i], saved.amounts()[i]);
        }
      }
      case LEASE, CLIENT -> throw notCounted(saved);
    }
  }

  private static IllegalArgumentException notCounted(SavedCounter saved) {
    return new IllegalArgumentException("kind of counter " + saved.kind());
  }
}
