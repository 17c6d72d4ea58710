package dev.mayfly.architecture.planted.cli;

import dev.mayfly.architecture.planted.engine.Shard;

/** Uses the engine instead of the wire. */
public record Command(Shard shard) {}
