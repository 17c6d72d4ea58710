package dev.mayfly.engine;

import dev.mayfly.engine.CounterNamespace.Name;
import dev.mayfly.engine.memory.AddressSpace;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.CounterSource;
import dev.mayfly.store.CounterStats;
import dev.mayfly.store.Counters;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Limit;
import dev.mayfly.store.Limits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeResult;
import dev.mayfly.store.TimeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counters and limits in this process's memory, outside the Java heap.
 *
 * <p>Safe for concurrent use; linearizable per key. It owns its memory and, unless its
 * configuration says otherwise, a thread that ends what is due. Nothing may be called once {@link
 * #close} was.
 */
public final class MemoryCounters implements Counters, Limits, AutoCloseable {
  private static final long REGION_MAX = 8L << 30;
  private static final long REGION_MIN = 64L << 20;
  private static final long HUGE_PAGE = 2L << 20;
  private static final int KEYS_PER_STEP = 128;
  private static final int EXPIRED_BEFORE_SUM = 1024;
  private static final int LEASE_NAMES_PER_MILLI = 1 << 20;
  static final int EVICTIONS_MAX = 8;
  private static final int NAME_MAX = 255;

  private final CounterConfig config;
  private final TimeSource time;
  private final AddressSpace space;
  private final MemoryBudget budget;
  private final CounterNamespaces namespaces;
  private final KeyHash hash = KeyHash.random();
  private final CounterShard[] shards;
  private final int shardBits;
  private final AtomicLong population = new AtomicLong();
  private final ConcurrentSkipListMap<String, Limit> named = new ConcurrentSkipListMap<>();
  private final CounterJournal journal;
  private final @Nullable CounterMaintenance maintenance;

  /** Reserves its memory and starts its thread. */
  public MemoryCounters(CounterConfig config, TimeSource time) {
    this.config = config;
    this.time = time;
    int count = config.shards();
    shardBits = Integer.numberOfTrailingZeros(count);
    long fair = config.bytesMax() / count;
    long bytes = Math.clamp(fair * 4, REGION_MIN, REGION_MAX) & -HUGE_PAGE;
    space = AddressSpace.reserve(bytes * count, config.memoryMode());
    budget = new MemoryBudget(config.bytesMax());
    namespaces =
        new CounterNamespaces(
            config.defaults(), config.namespacesMax(), ThreadLocalRandom.current().nextLong());
    AtomicLong leaseNames = new AtomicLong(time.millis() * LEASE_NAMES_PER_MILLI);
    shards = new CounterShard[count];
    for (int i = 0; i < count; i++) {
      CounterRecords records =
          new CounterRecords(
              config, space.region(i * bytes, bytes), hash, budget, namespaces, time.millis());
      shards[i] = new CounterShard(records, population, leaseNames, config.keysMax());
    }
    journal = new CounterJournal(this, namespaces, hash, time);
    maintenance = config.threads() ? new CounterMaintenance(this, time) : null;
  }

  @Override
  public long hit(byte[] namespace, byte[] key, long times, long nowMillis) {
    requireLength("namespace", namespace);
    requireLength("key", key);
    if (times < 1 || times > TIMES_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "times %d: expected 1 to %d".formatted(times, TIMES_MAX));
    }
    int evictions = 0;
    while (true) {
      CounterNamespace open = namespaces.open(Name.COUNTERS, namespace);
      long whole = hash.hash(key) ^ open.salt();
      try {
        long live = shard(whole).hit(open, whole, key, times, nowMillis);
        if (live != CounterShard.CLOSED) {
          return live;
        }
      } catch (MayflyException e) {
        evictions++;
        if (evictions > EVICTIONS_MAX || !evictElsewhere(e, open)) {
          namespaces.closeIfEmpty(open);
          throw e;
        }
      }
    }
  }

  /**
   * Lets a key of another shard make room, where there are too many keys; returns whether one did.
   */
  boolean evictElsewhere(MayflyException refusal, CounterNamespace namespace) {
    CounterPolicy policy = namespace.policy();
    boolean tooMany =
        (policy.keysMax() > 0 && namespace.keys() >= policy.keysMax())
            || (config.keysMax() > 0 && population.get() >= config.keysMax());
    boolean evicts = policy.whenFull() == CounterPolicy.WhenFull.EVICT;
    if (refusal.code() != ErrorCode.STORE_FULL || !tooMany || !evicts) {
      return false;
    }
    int first = ThreadLocalRandom.current().nextInt(shards.length);
    for (int i = 0; i < shards.length; i++) {
      if (shards[(first + i) & (shards.length - 1)].tryEvict(namespace)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long count(byte[] namespace, byte[] key, long nowMillis) {
    CounterNamespace open = namespaces.find(Name.COUNTERS, namespace);
    if (open == null) {
      return 0;
    }
    long whole = hash.hash(key) ^ open.salt();
    return shard(whole).count(open, whole, key, nowMillis);
  }

  @Override
  public long countNamespace(byte[] namespace, long nowMillis) {
    CounterNamespace open = namespaces.find(Name.COUNTERS, namespace);
    if (open == null) {
      return 0;
    }
    expire(nowMillis);
    return open.events().get();
  }

  @Override
  public long countAll(long nowMillis) {
    expire(nowMillis);
    long events = 0;
    for (CounterShard shard : shards) {
      events += shard.events();
    }
    return events;
  }

  /** Ends some of what is due, so that sums are up to date unless very much is. */
  void expire(long nowMillis) {
    for (CounterShard shard : shards) {
      if (shard.nextDue() <= nowMillis) {
        shard.expire(nowMillis, EXPIRED_BEFORE_SUM);
      }
    }
  }

  @Override
  public List<byte[]> namespaces(long nowMillis) {
    expire(nowMillis);
    return namespaces.names(Name.COUNTERS);
  }

  @Override
  public List<byte[]> keys(byte[] namespace, KeyFilter filter, int keysMax, long nowMillis) {
    if (keysMax < 1) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "max keys %d: expected at least 1".formatted(keysMax));
    }
    CounterNamespace open = namespaces.find(Name.COUNTERS, namespace);
    if (open == null) {
      return List.of();
    }
    Comparator<byte[]> order = Arrays::compareUnsigned;
    PriorityQueue<byte[]> least = new PriorityQueue<>(order.reversed());
    for (CounterShard shard : shards) {
      long from = 0;
      while (from >= 0) {
        from =
            shard.scan(
                from, KEYS_PER_STEP, open, filter, nowMillis, key -> keep(least, key, keysMax));
      }
    }
    List<byte[]> keys = new ArrayList<>(least);
    keys.sort(order);
    return keys;
  }

  private static void keep(PriorityQueue<byte[]> least, byte[] key, int keysMax) {
    least.add(key);
    if (least.size() > keysMax) {
      least.remove();
    }
  }

  @Override
  public CounterPolicy policy(byte[] namespace) {
    return namespaces.policy(new Name(Name.COUNTERS, namespace));
  }

  @Override
  public void policy(byte[] namespace, CounterPolicy policy) {
    requireLength("namespace", namespace);
    namespaces.policy(new Name(Name.COUNTERS, namespace), policy);
  }

  @Override
  public void clearPolicy(byte[] namespace) {
    namespaces.clearPolicy(new Name(Name.COUNTERS, namespace));
  }

  @Override
  public CounterStats stats() {
    CounterTally sum = new CounterTally();
    long due = Long.MAX_VALUE;
    for (CounterShard shard : shards) {
      shard.addTo(sum);
      due = Math.min(due, shard.nextDue());
    }
    return new CounterStats(
        namespaces.names(Name.COUNTERS).size(),
        population.get(),
        sum.events,
        sum.usedBytes,
        config.bytesMax(),
        sum.hits,
        sum.takes,
        sum.denied,
        sum.refused,
        sum.evicted,
        sum.expired,
        Math.max(0, time.millis() - due));
  }

  @Override
  public TakeResult take(TakeRequest request, long nowMillis) {
    requireLength("namespace", request.namespace());
    requireLength("key", request.key());
    int family = family(request.limit().kind());
    @Nullable TakeResult result;
    do {
      CounterNamespace open = namespaces.open(family, request.namespace());
      long whole = hash.hash(request.key()) ^ open.salt();
      try {
        result = shard(whole).take(open, whole, request, nowMillis);
      } finally {
        if (open.keys() == 0) {
          namespaces.closeIfEmpty(open);
        }
      }
    } while (result == null);
    return result;
  }

  @Override
  public boolean release(byte[] namespace, byte[] key, long lease, long nowMillis) {
    CounterNamespace open = namespaces.find(family(Limit.Kind.CONCURRENCY), namespace);
    if (open == null) {
      return false;
    }
    long whole = hash.hash(key) ^ open.salt();
    return shard(whole).release(open, whole, key, lease, nowMillis);
  }

  private static int family(Limit.Kind kind) {
    return switch (kind) {
      case SLIDING_WINDOW -> 1;
      case GCRA -> 2;
      case TOKEN_BUCKET -> 3;
      case CONCURRENCY -> 4;
    };
  }

  @Override
  public Map<String, Limit> named() {
    return Collections.unmodifiableMap(new TreeMap<>(named));
  }

  @Override
  public Limit named(String name) {
    Limit limit = named.get(name);
    if (limit == null) {
      throw new MayflyException(ErrorCode.NOT_FOUND, "no limit is named '%s'".formatted(name));
    }
    return limit;
  }

  @Override
  public void name(String name, Limit limit) {
    if (name.isEmpty() || name.length() > NAME_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "a limit's name of %d units: expected 1 to %d".formatted(name.length(), NAME_MAX));
    }
    synchronized (named) {
      if (named.size() >= NAMED_MAX && !named.containsKey(name)) {
        throw new MayflyException(
            ErrorCode.STORE_FULL, "%d limits have a name already".formatted(NAMED_MAX));
      }
      named.put(name, limit);
    }
  }

  @Override
  public void forget(String name) {
    named.remove(name);
  }

  /** What a journal needs of this store. */
  public CounterSource journal() {
    return journal;
  }

  /**
   * Ends what is due and saves memory, in steps, until that is done; for owners of a store without
   * a thread.
   */
  public void maintain() {
    for (CounterShard shard : shards) {
      while (shard.nextDue() <= time.millis() && shard.expire(time.millis(), KEYS_PER_STEP)) {
        // Until nothing is due.
      }
      while (shard.compact()) {
        // Until nothing is sparse.
      }
    }
  }

  CounterShard[] shards() {
    return shards;
  }

  @Override
  public void close() {
    if (maintenance != null) {
      maintenance.stop();
    }
    space.close();
  }

  CounterShard shard(long whole) {
    return shards[shardBits == 0 ? 0 : (int) (whole >>> (Long.SIZE - shardBits))];
  }

  void requireLength(String what, byte[] bytes) {
    if (bytes.length > config.keyBytesMax()) {
      throw new MayflyException(
          ErrorCode.KEY_TOO_LONG,
          "%s of %d bytes: expected at most %d"
              .formatted(what, bytes.length, config.keyBytesMax()));
    }
  }
}
