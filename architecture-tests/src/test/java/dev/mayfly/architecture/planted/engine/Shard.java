package dev.mayfly.architecture.planted.engine;

import dev.mayfly.architecture.planted.http.Door;
import java.lang.foreign.MemorySegment;

/** Uses a door, and native memory by itself. */
public record Shard(Door door, MemorySegment memory) {}
