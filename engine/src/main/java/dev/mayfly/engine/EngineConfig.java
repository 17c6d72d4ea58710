package dev.mayfly.engine;

import dev.mayfly.engine.memory.MemoryMode;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.Leases;
import java.util.function.Consumer;

/**
 * What an in-memory engine is built with. Immutable; copies with one part changed are made by the
 * {@code with…} methods.
 *
 * @param shards how many shards, a power of two, 1 to 65536; 0: eight for each processor, at least
 *     16
 * @param bounds the limits on requests
 * @param keysMax the most keys; 0: no limit
 * @param bytesMax the most memory for entries, index and history, at least 1 MiB
 * @param historyMax how many versions a tracked key keeps where the request does not say
 * @param deletedHistoryMillis how long the history of a key that is gone is kept; 0: not at all
 * @param eventBytesMax the size of the event log, at least 64 KiB
 * @param clientsMax the most clients that can register
 * @param pruning when keys are pruned
 * @param waiting how many may wait for locks
 * @param leasing how many leases there may be
 * @param hugePages whether large areas are advised to use huge pages
 * @param memoryMode how closely native memory is watched
 * @param threads whether the engine drives itself; otherwise its owner calls {@link
 *     MemoryKeyspace#maintain}
 */
public record EngineConfig(
    int shards,
    Bounds bounds,
    long keysMax,
    long bytesMax,
    int historyMax,
    long deletedHistoryMillis,
    long eventBytesMax,
    int clientsMax,
    Pruning pruning,
    Waiting waiting,
    Leasing leasing,
    boolean hugePages,
    MemoryMode memoryMode,
    boolean threads) {
  private static final int SHARDS_MAX = 1 << 16;
  private static final int SHARDS_LEAST = 16;
  private static final int SHARDS_PER_PROCESSOR = 8;

  /** Checks the ranges. */
  public EngineConfig {
    if (shards < 0 || shards > SHARDS_MAX || Integer.bitCount(shards) > 1) {
      throw new IllegalArgumentException(
          "shards %d: expected a power of two up to %d, or 0".formatted(shards, SHARDS_MAX));
    }
    requireAtLeast("max keys", keysMax, 0);
    requireAtLeast("max bytes", bytesMax, 1 << 20);
    requireAtLeast("history", historyMax, -1);
    requireAtLeast("deleted history millis", deletedHistoryMillis, 0);
    requireAtLeast("event bytes", eventBytesMax, 1 << 16);
    requireAtLeast("clients", clientsMax, 1);
  }

  /** The defaults, with this much memory. */
  public static EngineConfig ofBytes(long bytesMax) {
    return new EngineConfig(
        0,
        new Bounds(1024, 1_000_000, 5_000, 900_000),
        0,
        bytesMax,
        5,
        0,
        64L << 20,
        100_000,
        Pruning.NONE,
        Waiting.DEFAULT,
        Leasing.DEFAULT,
        true,
        MemoryMode.PLAIN,
        true);
  }

  /** Small, single-shard-able, checked and driven by its owner: for tests with virtual time. */
  public static EngineConfig forTests() {
    return ofBytes(64L << 20)
        .withShards(4)
        .withEventBytesMax(1 << 20)
        .withMemoryMode(MemoryMode.CHECKED)
        .withThreads(false);
  }

  /** How many shards there really are. */
  int shardCount() {
    if (shards != 0) {
      return shards;
    }
    int wanted = Runtime.getRuntime().availableProcessors() * SHARDS_PER_PROCESSOR;
    int atLeast = Math.max(SHARDS_LEAST, Math.min(wanted, SHARDS_MAX));
    return Integer.highestOneBit(2 * atLeast - 1);
  }

  private static void requireAtLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s %d: expected at least %d".formatted(what, value, least));
    }
  }

  /** A copy with so many shards. */
  public EngineConfig withShards(int shards) {
    return with(parts -> parts.shards = shards);
  }

  /** A copy with these limits on requests. */
  public EngineConfig withBounds(Bounds bounds) {
    return with(parts -> parts.bounds = bounds);
  }

  /** A copy with this limit on keys. */
  public EngineConfig withKeysMax(long keysMax) {
    return with(parts -> parts.keysMax = keysMax);
  }

  /** A copy with this limit on memory. */
  public EngineConfig withBytesMax(long bytesMax) {
    return with(parts -> parts.bytesMax = bytesMax);
  }

  /** A copy with this history: versions of a tracked key, and how long after its end. */
  public EngineConfig withHistory(int historyMax, long deletedHistoryMillis) {
    return with(
        parts -> {
          parts.historyMax = historyMax;
          parts.deletedHistoryMillis = deletedHistoryMillis;
        });
  }

  /** A copy with an event log of this size. */
  public EngineConfig withEventBytesMax(long eventBytesMax) {
    return with(parts -> parts.eventBytesMax = eventBytesMax);
  }

  /** A copy with this pruning. */
  public EngineConfig withPruning(Pruning pruning) {
    return with(parts -> parts.pruning = pruning);
  }

  /** A copy with these limits on who waits for locks. */
  public EngineConfig withWaiting(Waiting waiting) {
    return with(parts -> parts.waiting = waiting);
  }

  /** A copy with these limits on leases. */
  public EngineConfig withLeasing(Leasing leasing) {
    return with(parts -> parts.leasing = leasing);
  }

  /** A copy with or without advice to use huge pages. */
  public EngineConfig withHugePages(boolean hugePages) {
    return with(parts -> parts.hugePages = hugePages);
  }

  /** A copy with memory watched so closely. */
  public EngineConfig withMemoryMode(MemoryMode memoryMode) {
    return with(parts -> parts.memoryMode = memoryMode);
  }

  /** A copy that drives itself, or not. */
  public EngineConfig withThreads(boolean threads) {
    return with(parts -> parts.threads = threads);
  }

  private EngineConfig with(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return parts.config();
  }

  /** The parts of a copy, before they are checked. Confined to the call that makes it. */
  private static final class Parts {
    private int shards;
    private Bounds bounds;
    private long keysMax;
    private long bytesMax;
    private int historyMax;
    private long deletedHistoryMillis;
    private long eventBytesMax;
    private int clientsMax;
    private Pruning pruning;
    private Waiting waiting;
    private Leasing leasing;
    private boolean hugePages;
    private MemoryMode memoryMode;
    private boolean threads;

    Parts(EngineConfig of) {
      shards = of.shards;
      bounds = of.bounds;
      keysMax = of.keysMax;
      bytesMax = of.bytesMax;
      historyMax = of.historyMax;
      deletedHistoryMillis = of.deletedHistoryMillis;
      eventBytesMax = of.eventBytesMax;
      clientsMax = of.clientsMax;
      pruning = of.pruning;
      waiting = of.waiting;
      leasing = of.leasing;
      hugePages = of.hugePages;
      memoryMode = of.memoryMode;
      threads = of.threads;
    }

    EngineConfig config() {
      return new EngineConfig(
          shards,
          bounds,
          keysMax,
          bytesMax,
          historyMax,
          deletedHistoryMillis,
          eventBytesMax,
          clientsMax,
          pruning,
          waiting,
          leasing,
          hugePages,
          memoryMode,
          threads);
    }
  }

  /**
   * How many may wait for locks.
   *
   * @param waitersMax in the whole store, at least 0
   * @param keyWaitersMax for each key, at least 0
   */
  public record Waiting(int waitersMax, int keyWaitersMax) {
    /** The defaults. */
    public static final Waiting DEFAULT = new Waiting(10_000, 1_000);

    /** Checks the ranges. */
    public Waiting {
      requireAtLeast("lock waiters", waitersMax, 0);
      requireAtLeast("lock waiters of a key", keyWaitersMax, 0);
    }
  }

  /**
   * How many leases there may be.
   *
   * @param leasesMax in all
   * @param keysMax how many keys each may have, up to {@link Leases#KEYS_MAX}
   */
  public record Leasing(int leasesMax, int keysMax) {
    /** The defaults. */
    public static final Leasing DEFAULT = new Leasing(10_000, Leases.KEYS_MAX);

    /** Checks the ranges. */
    public Leasing {
      requireAtLeast("leases", leasesMax, 0);
      requireAtLeast("keys of a lease", keysMax, 1);
      if (keysMax > Leases.KEYS_MAX) {
        throw new IllegalArgumentException(
            "keys of a lease %d: expected at most %d".formatted(keysMax, Leases.KEYS_MAX));
      }
    }
  }

  /**
   * When keys are pruned. A part that is 0 is off.
   *
   * @param intervalMillis how often the scheduled run looks
   * @param at from how many keys on the scheduled run prunes
   * @param to how many it leaves; 0: nine tenths of {@code at}
   * @param eagerAt from how many keys on a create sets a run off; where it is on, keys are pruned
   *     at the hard limits, too, before a create is refused
   * @param eagerTo how many that run leaves
   */
  public record Pruning(long intervalMillis, long at, long to, long eagerAt, long eagerTo) {
    /** No pruning but on demand. */
    public static final Pruning NONE = new Pruning(0, 0, 0, 0, 0);

    /** Checks that the parts fit. */
    public Pruning {
      if (intervalMillis > 0 && to > at) {
        throw new IllegalArgumentException("prune to %d: expected at most %d".formatted(to, at));
      }
      if (eagerAt > 0 && eagerTo >= eagerAt) {
        throw new IllegalArgumentException(
            "prune eagerly to %d: expected less than %d".formatted(eagerTo, eagerAt));
      }
    }

    boolean isScheduled() {
      return intervalMillis > 0 && at > 0;
    }

    boolean isEager() {
      return eagerAt > 0;
    }

    long scheduledTarget() {
      return to > 0 ? to : at * 9 / 10;
    }
  }
}
