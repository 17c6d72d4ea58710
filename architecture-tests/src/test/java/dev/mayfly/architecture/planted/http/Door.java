package dev.mayfly.architecture.planted.http;

import dev.mayfly.architecture.planted.engine.Shard;
import java.util.List;

/** Uses the engine that a door must not see. */
public record Door(List<Shard> shards) {
  /** The first. */
  public Shard first() {
    return shards.getFirst();
  }
}
