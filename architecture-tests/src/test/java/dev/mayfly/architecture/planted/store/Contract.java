package dev.mayfly.architecture.planted.store;

import dev.mayfly.architecture.planted.engine.Shard;

/** Uses the engine, which it must not know. */
public record Contract(Shard shard) {}
