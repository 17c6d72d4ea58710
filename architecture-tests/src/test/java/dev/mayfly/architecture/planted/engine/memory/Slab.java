package dev.mayfly.architecture.planted.engine.memory;

import dev.mayfly.architecture.planted.engine.Shard;

/** Uses the engine above it. */
public record Slab(Shard shard) {}
