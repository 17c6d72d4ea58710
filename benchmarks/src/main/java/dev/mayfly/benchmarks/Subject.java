package dev.mayfly.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * A store under measurement: the engine, or the peer it is compared with. Both check deadlines and
 * answer with a copy. Safe for concurrent use.
 */
interface Subject extends AutoCloseable {
  /** A copy of the value; null when there is none, or when it is past its deadline. */
  byte @Nullable [] get(byte[] key, long nowMillis);

  /** Sets a value; both arrays belong to the store from now on. */
  void set(byte[] key, byte[] value, long lifespanMillis, long nowMillis);

  @Override
  void close();

  /** Makes the subject of this name: {@code engine} or {@code map}. */
  static Subject of(String name, long bytesMax, int entries) {
    return switch (name) {
      case "engine" -> new EngineSubject(EngineSubject.config(bytesMax));
      case "map" -> new MapSubject(entries);
      default ->
          throw new IllegalArgumentException("subject '" + name + "': expected engine or map");
    };
  }
}
