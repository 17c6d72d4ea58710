package dev.mayfly.engine;

import dev.mayfly.engine.CounterNamespace.Name;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeResult;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One part of the keys of counters and limits, under one lock, which each method takes for one
 * operation or one step of a longer one.
 *
 * <p>Safe for concurrent use. The namespace handed in may be closed by the time the lock is held:
 * the methods say so and have done nothing then.
 */
final class CounterShard {
  /** Of {@link #hit}: the namespace was closed. */
  static final long CLOSED = -1;

  /** So that the sum of all shards fits a long. */
  private static final long EVENTS_MAX = 1L << 50;

  private static final int EVICTIONS_MAX = 8;

  private final ShardLock lock = new ShardLock();
  private final CounterRecords records;
  private final WindowRecords windows;
  private final LeaseRecords leases;
  private final TakeDecisions decisions;
  private final CounterChanges changes;
  private final CounterCopies copies;
  private final AtomicLong population;
  private final long keysMax;
  private final CounterTally tally = new CounterTally();
  private final CounterEviction eviction;
  private final Compactor compactor;
  private long events;

  /**
   * @param population how many keys all shards have
   */
  CounterShard(CounterRecords records, AtomicLong population, AtomicLong leaseNames, long keysMax) {
    this.records = records;
    this.population = population;
    this.keysMax = keysMax;
    windows = new WindowRecords(records);
    leases = new LeaseRecords(records);
    CounterRestore restore = new CounterRestore(records, windows, leases);
    changes = new CounterChanges(records, restore);
    copies = new CounterCopies(this, lock, records, restore, changes);
    decisions = new TakeDecisions(this, records, windows, leases, leaseNames);
    eviction = new CounterEviction(records, windows);
    compactor = new Compactor(records.heap(), records::tryMove);
  }

  /** Counts; returns the key's live events, or {@link #CLOSED}. */
  long hit(CounterNamespace namespace, long whole, byte[] key, long times, long nowMillis) {
    lock.lock();
    try {
      int ref = liveWindow(namespace, whole, key, nowMillis);
      if (namespace.isClosed()) {
        return CLOSED;
      }
      if (times > EVENTS_MAX - events) {
        throw new MayflyException(
            ErrorCode.NUMBER_OVERFLOW, "%d events more are too many".formatted(times));
      }
      ref = count(namespace, whole, key, ref, times, nowMillis);
      if (ref == 0) {
        return CLOSED;
      }
      onChange(ref, whole);
      events += times;
      namespace.events().addAndGet(times);
      tally.hits++;
      return windows.sum(ref);
    } finally {
      lock.unlock();
    }
  }

  private int count(
      CounterNamespace namespace, long whole, byte[] key, int ref, long times, long nowMillis) {
    CounterPolicy policy = namespace.policy();
    if (ref != 0) {
      return add(namespace, ref, nowMillis, times, policy);
    }
    int bytes = WindowRecords.recordBytes(key.length);
    long deadline = nowMillis + policy.windowMillis();
    int made = create(namespace, whole, key, WindowRecords.KIND, bytes, deadline);
    if (made != 0) {
      windows.restart(made, deadline, times);
    }
    return made;
  }

  /** The key's window without what has ended; 0 if nothing is left of it. */
  private int liveWindow(CounterNamespace namespace, long whole, byte[] key, long nowMillis) {
    int ref = records.find(namespace, whole, key);
    if (ref != 0 && !discard(ref, nowMillis)) {
      remove(ref);
      return 0;
    }
    return ref;
  }

  /** Takes away what has ended of a window; returns whether anything is left. */
  boolean discard(int ref, long nowMillis) {
    long ended = windows.discard(ref, nowMillis);
    CounterNamespace namespace = records.namespace(ref);
    if (ended > 0 && namespace.name().family() == Name.COUNTERS) {
      events -= ended;
      namespace.events().addAndGet(-ended);
    }
    return windows.sum(ref) > 0;
  }

  /** The key's live events. */
  long count(CounterNamespace namespace, long whole, byte[] key, long nowMillis) {
    lock.lock();
    try {
      int ref = liveWindow(namespace, whole, key, nowMillis);
      return ref == 0 ? 0 : windows.sum(ref);
    } finally {
      lock.unlock();
    }
  }

  /** Decides; null if the namespace was closed. */
  @Nullable TakeResult take(
      CounterNamespace namespace, long whole, TakeRequest request, long nowMillis) {
    lock.lock();
    try {
      TakeResult result = decisions.take(namespace, whole, request, nowMillis);
      if (result != null) {
        tally.takes++;
        tally.denied += result.exceeded() ? 1 : 0;
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a lease; returns whether it was held. */
  boolean release(CounterNamespace namespace, long whole, byte[] key, long lease, long nowMillis) {
    lock.lock();
    try {
      int ref = records.find(namespace, whole, key);
      if (ref == 0) {
        return false;
      }
      leases.discard(ref, nowMillis);
      boolean held = leases.remove(ref, lease, nowMillis);
      onChange(ref, whole);
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** What is kept of a key has changed. */
  void onChange(int ref, long whole) {
    changes.mark(ref, records.indexHash(whole));
  }

  /** Makes a record, where the policy says so by evicting others; 0 if the namespace is closed. */
  int create(
      CounterNamespace namespace, long whole, byte[] key, int kind, int bytes, long dueMillis) {
    for (int evictions = 0; ; evictions++) {
      try {
        return createOnce(namespace, whole, key, kind, bytes, dueMillis);
      } catch (MayflyException e) {
        requireEviction(e, namespace, evictions, 0);
      }
    }
  }

  int createOnce(
      CounterNamespace namespace, long whole, byte[] key, int kind, int bytes, long dueMillis) {
    long namespaceMax = namespace.policy().keysMax();
    if (namespaceMax > 0 && namespace.keys() >= namespaceMax) {
      throw CounterRecords.full("its namespace may have %d keys".formatted(namespaceMax));
    }
    if (population.incrementAndGet() > keysMax && keysMax > 0) {
      population.decrementAndGet();
      throw CounterRecords.full("there may be %d keys".formatted(keysMax));
    }
    int made = 0;
    try {
      made = records.create(namespace, whole, key, kind, bytes, dueMillis);
      return made;
    } finally {
      if (made == 0) {
        population.decrementAndGet();
      }
    }
  }

  /** Adds events to a window, where its namespace's policy says so after evicting others. */
  int add(CounterNamespace namespace, int ref, long nowMillis, long times, CounterPolicy policy) {
    for (int evictions = 0; ; evictions++) {
      try {
        return windows.add(ref, nowMillis, times, policy);
      } catch (MayflyException e) {
        requireEviction(e, namespace, evictions, ref);
      }
    }
  }

  /** Evicts a key, or lets the refusal stand. */
  void requireEviction(
      MayflyException refusal, CounterNamespace namespace, int evictions, int except) {
    boolean mayEvict =
        refusal.code() == ErrorCode.STORE_FULL
            && namespace.policy().whenFull() == CounterPolicy.WhenFull.EVICT
            && evictions < EVICTIONS_MAX;
    if (!mayEvict || !evict(namespace, except)) {
      tally.refused++;
      throw refusal;
    }
    tally.evicted++;
  }

  /** Evicts a key for one of another shard, which was refused and is tried again. */
  boolean tryEvict(CounterNamespace namespace) {
    lock.lock();
    try {
      boolean evicted = evict(namespace, 0);
      if (evicted) {
        tally.evicted++;
        tally.refused--;
      }
      return evicted;
    } finally {
      lock.unlock();
    }
  }

  private boolean evict(CounterNamespace namespace, int except) {
    int victim = eviction.victim(namespace, except);
    if (victim == 0) {
      return false;
    }
    discard(victim, Long.MAX_VALUE);
    remove(victim);
    return true;
  }

  /** Ends a key. */
  void remove(int ref) {
    changes.onRemove(ref);
    records.remove(ref);
    population.decrementAndGet();
  }

  /** When there is something to expire; {@link Long#MAX_VALUE} if nothing is scheduled. */
  long nextDue() {
    return records.wheel().nextDue();
  }

  /** Ends what is due, so many records at most; returns whether there may be more. */
  boolean expire(long nowMillis, int budget) {
    lock.lock();
    try {
      int done = records.wheel().advance(nowMillis, budget, ref -> due(ref, nowMillis));
      records.release();
      return done >= budget;
    } finally {
      lock.unlock();
    }
  }

  private void due(int ref, long nowMillis) {
    int left = ref;
    boolean lives =
        switch (records.kind(ref)) {
          case WindowRecords.KIND -> {
            boolean some = discard(ref, nowMillis);
            left = some ? windows.shrink(ref) : ref;
            yield some;
          }
          case LeaseRecords.KIND -> {
            leases.discard(ref, nowMillis);
            yield leases.size(ref) > 0;
          }
          default -> false;
        };
    if (lives) {
      records.wheel().schedule(left);
    } else {
      remove(ref);
      tally.expired++;
    }
  }

  /**
   * Looks at some records in the order of their hashes; returns the hash to go on from, or -1.
   *
   * @param into receives copies of the keys
   */
  long scan(
      long from,
      int entriesMax,
      CounterNamespace namespace,
      KeyFilter filter,
      long nowMillis,
      Consumer<byte[]> into) {
    lock.lock();
    try {
      return records
          .index()
          .scan(
              from,
              entriesMax,
              ref -> {
                if (records.namespaceId(ref) == namespace.id()
                    && windows.lastDeadline(ref) > nowMillis) {
                  byte[] key = records.key(ref);
                  if (filter.accepts(key)) {
                    into.accept(key);
                  }
                }
              });
    } finally {
      lock.unlock();
    }
  }

  /** What a journal asks of this part. */
  CounterCopies copies() {
    return copies;
  }

  /** Counts the events of a window that was put back. */
  void onRestored(CounterNamespace namespace, SavedCounter saved) {
    if (namespace.name().family() == Name.COUNTERS) {
      events += saved.sum();
      namespace.events().addAndGet(saved.sum());
    }
  }

  /** Moves some records out of a slab that is mostly empty; returns whether there is more. */
  boolean compact() {
    lock.lock();
    try {
      return compactor.step();
    } finally {
      lock.unlock();
    }
  }

  /** Live events of all keys. */
  long events() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  void addTo(CounterTally sum) {
    lock.lock();
    try {
      sum.add(tally);
      sum.events += events;
      sum.usedBytes += records.heap().allocatedBytes();
    } finally {
      lock.unlock();
    }
  }
}
