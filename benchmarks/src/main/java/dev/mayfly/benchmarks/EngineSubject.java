package dev.mayfly.benchmarks;

import dev.mayfly.engine.EngineConfig;
import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.store.Entry;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SystemTime;
import org.jspecify.annotations.Nullable;

/**
 * The engine as a door without history and key metrics uses it, its own threads and its event log
 * on. Owns the keyspace.
 */
final class EngineSubject implements Subject {
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, false);
  private static final String CLIENT = "bench";

  private final MemoryKeyspace keyspace;

  EngineSubject(EngineConfig config) {
    keyspace = new MemoryKeyspace(config, new SystemTime());
  }

  /** The default configuration; system properties of this package change single options. */
  static EngineConfig config(long bytesMax) {
    EngineConfig config = EngineConfig.ofBytes(bytesMax);
    return config
        .withShards(Integer.getInteger("mayfly.bench.shards", config.shards()))
        .withEventBytesMax(Long.getLong("mayfly.bench.event-bytes", config.eventBytesMax()));
  }

  MemoryKeyspace keyspace() {
    return keyspace;
  }

  @Override
  public byte @Nullable [] get(byte[] key, long nowMillis) {
    Entry entry = keyspace.read(ReadRequest.value(key), new Stamp(nowMillis, CLIENT));
    return entry == null ? null : entry.value();
  }

  @Override
  public void set(byte[] key, byte[] value, long lifespanMillis, long nowMillis) {
    keyspace.apply(
        SetRequest.of(key, value, Lifespan.ofMillis(lifespanMillis), RULES),
        new Stamp(nowMillis, CLIENT));
  }

  @Override
  public void close() {
    keyspace.close();
  }
}
