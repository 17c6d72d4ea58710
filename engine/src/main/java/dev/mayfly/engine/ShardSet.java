package dev.mayfly.engine;

import dev.mayfly.engine.memory.AddressSpace;
import dev.mayfly.engine.memory.HashIndex;
import dev.mayfly.engine.memory.MemoryMode;
import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.Accesses;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.StoreStats;
import dev.mayfly.store.TimeSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All shards of a store, with the memory they live in and the log they write. It owns both.
 *
 * <p>Immutable after construction but for what the shards guard themselves.
 */
final class ShardSet implements AutoCloseable {
  private static final long ENTRY_REGION_MAX = 8L << 30;
  private static final long ENTRY_REGION_MIN = 64L << 20;
  private static final long SIDE_REGION_MIN = 32L << 20;

  static final long REVISIONS_PER_MILLI = 64;

  private final EngineConfig config;
  private final KeyRouter router;
  private final AddressSpace entrySpace;
  private final AddressSpace sideSpace;
  private final AddressSpace metricsSpace;
  private final AddressSpace logSpace;
  private final NativeEventLog log;
  private final MemoryBudget budget;
  private final Population population;
  private final LeaseTable leases;
  private final Shard[] shards;
  private final ShardSteps[] steps;
  private final TimeSource time;
  private final Supplier<Sequence> sequences;
  private final AtomicInteger lockWaiters = new AtomicInteger();
  private final Accesses accesses = new Accesses();
  private final ChangeRecorder recorder = new ChangeRecorder();

  /**
   * @param onManyKeys called when a create passes the threshold of eager pruning; must not block
   * @param sequences makes the sequence of each shard
   * @param firstRevision that of the first mutation; 0: by the clock
   */
  ShardSet(
      EngineConfig config,
      TimeSource time,
      Runnable onManyKeys,
      Supplier<Sequence> sequences,
      long firstRevision) {
    this.config = config;
    this.time = time;
    this.sequences = sequences;
    int count = config.shardCount();
    router = new KeyRouter(KeyHash.random(), count);
    // Address space is not memory: each shard may grow to several times its fair share.
    long entryBytes = regionBytes(ENTRY_REGION_MIN, count);
    long sideBytes = regionBytes(SIDE_REGION_MIN, count);
    MemoryMode mode = config.memoryMode();
    entrySpace = AddressSpace.reserve(entryBytes * count, mode);
    sideSpace = AddressSpace.reserve(sideBytes * count, mode);
    metricsSpace = AddressSpace.reserve(sideBytes * count, MemoryMode.PLAIN);
    logSpace = AddressSpace.reserve(config.eventBytesMax(), MemoryMode.PLAIN);
    log = openLog(logSpace.region(0, config.eventBytesMax()), firstRevision);
    budget = new MemoryBudget(config.bytesMax());
    population = new Population(config.keysMax(), config.pruning().eagerAt(), onManyKeys);
    leases = new LeaseTable(config.leasing().leasesMax(), config.leasing().keysMax(), time);
    shards = new Shard[count];
    steps = new ShardSteps[count];
    for (int i = 0; i < count; i++) {
      Region entries = entrySpace.region(i * entryBytes, entryBytes);
      Region side = sideSpace.region(i * sideBytes, sideBytes);
      Region metrics = metricsSpace.region(i * sideBytes, sideBytes);
      shards[i] = new Shard(parts(i, entries, side, metrics));
      steps[i] = new ShardSteps(shards[i]);
    }
  }

  private long regionBytes(long least, int count) {
    long fair = config.bytesMax() / count;
    long bytes = Math.clamp(fair * 4, least, ENTRY_REGION_MAX);
    return bytes & -(2L << 20);
  }

  /**
   * Without a disk to remember them, revisions rise over restarts because they follow the clock.
   */
  private NativeEventLog openLog(Region region, long given) {
    long firstRevision = given != 0 ? given : MemoryKeyspace.revisionByClock(time);
    return new NativeEventLog(
        region,
        config.bounds().keyBytesMax(),
        config.bounds().valueBytesMax(),
        ThreadLocalRandom.current().nextLong(),
        firstRevision,
        this::passLocks);
  }

  /** Lets whoever holds a shard's lock now end first, one shard after the other. */
  private void passLocks() {
    for (Shard shard : shards) {
      shard.lock().lock();
      shard.lock().unlock();
    }
  }

  private ShardParts parts(int number, Region entries, Region side, Region metrics) {
    RecordHeap entryHeap = new RecordHeap(entries, config.hugePages());
    RecordHeap sideHeap = new RecordHeap(side, config.hugePages());
    RecordHeap metricsHeap = new RecordHeap(metrics, false);
    Sequence sequence = sequences.get();
    Alarm alarm = new Alarm();
    Records records =
        new Records(
            entries, entryHeap, new HashIndex(sideHeap), sequence, leases, alarm, time.millis());
    return new ShardParts(
        number,
        config,
        router,
        sequence,
        records,
        sideHeap,
        new History(side.strict(), sideHeap, config.historyMax()),
        new MetricsTable(metrics, metricsHeap),
        new LockTable(new LockQueue(config.waiting(), lockWaiters, alarm), alarm),
        alarm,
        new Absences(),
        new ShardUsage(budget, entryHeap, sideHeap, metricsHeap),
        population,
        leases,
        log,
        new ShardChanges(recorder));
  }

  int count() {
    return shards.length;
  }

  Shard shard(int number) {
    return shards[number];
  }

  ShardSteps steps(int number) {
    return steps[number];
  }

  Shard of(long hash) {
    return shards[router.shard(hash)];
  }

  /** What records the changes of all shards. */
  ChangeRecorder recorder() {
    return recorder;
  }

  KeyRouter router() {
    return router;
  }

  NativeEventLog log() {
    return log;
  }

  LeaseTable leases() {
    return leases;
  }

  /** Who reads what, while somebody asks. */
  Accesses accesses() {
    return accesses;
  }

  EngineConfig config() {
    return config;
  }

  /** How many keys there are; what is past but not ended yet included. */
  long keys() {
    long keys = 0;
    for (Shard shard : shards) {
      keys += shard.parts().usage().keys;
    }
    return keys;
  }

  /** Whether so many more keys would find room by now, if memory does not end first. */
  boolean hasRoomFor(int moreKeys) {
    return population.hasRoomFor(moreKeys);
  }

  Population.@Nullable Places tryReserve(int moreKeys) {
    return population.tryReserve(moreKeys);
  }

  StoreStats stats(int clients, Pruner pruner, boolean readOnly) {
    long[] events = new long[EventKind.values().length + 1];
    events[EventKind.ACCESSED.number()] = accesses.count();
    StatsSum sum = new StatsSum();
    long now = time.millis();
    for (int i = 0; i < shards.length; i++) {
      Shard shard = shards[i];
      shard.lock().lock();
      try {
        shard.addEventsTo(events);
        sum.add(shard.parts());
      } finally {
        shard.lock().unlock();
      }
      sum.addLag(now, steps[i].nextDue());
    }
    return new StoreStats(
        sum.keys,
        sum.valueBytes,
        sum.usedBytes,
        config.bytesMax(),
        config.keysMax(),
        sum.locks,
        lockWaiters.get(),
        clients,
        sum.lifespans,
        sum.historyKeys,
        sum.historyVersions,
        events,
        pruner.eagerRuns(),
        pruner.runs(),
        pruner.pruned(),
        sum.lagMillis,
        log.newestRevision(),
        readOnly);
  }

  private static final class StatsSum {
    long keys;
    long valueBytes;
    long usedBytes;
    long locks;
    long lifespans;
    long historyKeys;
    long historyVersions;
    long lagMillis;

    void add(ShardParts parts) {
      keys += parts.usage().keys;
      valueBytes += parts.usage().valueBytes;
      usedBytes += parts.usage().usedBytes();
      locks += parts.locks().size();
      lifespans += parts.usage().lifespans;
      historyKeys += parts.usage().historyKeys;
      historyVersions += parts.history().versions();
    }

    void addLag(long now, long due) {
      lagMillis = Math.max(lagMillis, now - due);
    }
  }

  @Override
  public void close() {
    log.close();
    entrySpace.close();
    sideSpace.close();
    metricsSpace.close();
    logSpace.close();
  }
}
