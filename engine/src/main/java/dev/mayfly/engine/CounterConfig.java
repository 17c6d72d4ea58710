package dev.mayfly.engine;

import dev.mayfly.engine.memory.MemoryMode;
import dev.mayfly.store.CounterPolicy;

/**
 * How a store of counters and limits is made.
 *
 * <p>Immutable.
 *
 * @param shards into how many parts keys are divided, a power of two up to 4096
 * @param defaults the policy of namespaces that have none of their own
 * @param keysMax how many keys there may be; 0: no limit besides memory
 * @param bytesMax how much memory keys and index may take, at least 1 MiB
 * @param namespacesMax how many namespaces there may be, and how many policies
 * @param keyBytesMax the longest key, and the longest namespace, up to 65535
 * @param hugePages whether the memory asks for huge pages
 * @param memoryMode how closely native memory is watched
 * @param threads whether the store drives itself; otherwise its owner calls {@link
 *     MemoryCounters#maintain}
 */
public record CounterConfig(
    int shards,
    CounterPolicy defaults,
    long keysMax,
    long bytesMax,
    int namespacesMax,
    int keyBytesMax,
    boolean hugePages,
    MemoryMode memoryMode,
    boolean threads) {
  private static final int SHARDS_MAX = 4096;
  private static final int NAMESPACES_DEFAULT = 65_536;
  private static final int KEY_BYTES_DEFAULT = 1419;
  private static final int SHARDS_PER_PROCESSOR = 8;

  /** Checks the ranges. */
  public CounterConfig {
    require("shards", shards, 1, SHARDS_MAX);
    require("max keys", keysMax, 0, Long.MAX_VALUE);
    require("max bytes", bytesMax, 1 << 20, 1L << 46);
    require("max namespaces", namespacesMax, 1, 1 << 24);
    require("max key bytes", keyBytesMax, 1, 0xFFFF);
    if (Integer.bitCount(shards) != 1) {
      throw new IllegalArgumentException("shards " + shards + ": expected a power of two");
    }
  }

  /** The defaults, with this window and so much memory. */
  public static CounterConfig of(CounterPolicy defaults, long bytesMax) {
    int wanted = Runtime.getRuntime().availableProcessors() * SHARDS_PER_PROCESSOR;
    int shards = Integer.highestOneBit(Math.clamp(wanted, 16, SHARDS_MAX));
    return new CounterConfig(
        shards,
        defaults,
        0,
        bytesMax,
        NAMESPACES_DEFAULT,
        KEY_BYTES_DEFAULT,
        false,
        MemoryMode.PLAIN,
        true);
  }

  /** Few shards, checked, driven by their owner: for tests with virtual time. */
  public static CounterConfig forTests(CounterPolicy defaults) {
    return of(defaults, 64L << 20)
        .withShards(4)
        .withMemoryMode(MemoryMode.CHECKED)
        .withThreads(false);
  }

  /** A copy with so many shards. */
  public CounterConfig withShards(int count) {
    return new CounterConfig(
        count,
        defaults,
        keysMax,
        bytesMax,
        namespacesMax,
        keyBytesMax,
        hugePages,
        memoryMode,
        threads);
  }

  /** A copy with these limits on keys, memory and namespaces. */
  public CounterConfig withLimits(long keys, long bytes, int namespaces) {
    return new CounterConfig(
        shards, defaults, keys, bytes, namespaces, keyBytesMax, hugePages, memoryMode, threads);
  }

  /** A copy with or without advice to use huge pages. */
  public CounterConfig withHugePages(boolean advised) {
    return new CounterConfig(
        shards,
        defaults,
        keysMax,
        bytesMax,
        namespacesMax,
        keyBytesMax,
        advised,
        memoryMode,
        threads);
  }

  /** A copy with memory watched so closely. */
  public CounterConfig withMemoryMode(MemoryMode mode) {
    return new CounterConfig(
        shards, defaults, keysMax, bytesMax, namespacesMax, keyBytesMax, hugePages, mode, threads);
  }

  /** A copy that drives itself, or not. */
  public CounterConfig withThreads(boolean driven) {
    return new CounterConfig(
        shards,
        defaults,
        keysMax,
        bytesMax,
        namespacesMax,
        keyBytesMax,
        hugePages,
        memoryMode,
        driven);
  }

  private static void require(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s %d: expected %d to %d".formatted(what, value, least, most));
    }
  }
}
