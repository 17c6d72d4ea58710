package dev.mayfly.journal;

import org.jspecify.annotations.Nullable;

/**
 * What a store began with.
 *
 * @param server the server's name
 * @param snapshot null: none
 * @param changes how many changes after it were replayed
 * @param tookMillis how long all of it took
 * @param clockBackMillis by how much the clock is behind the last time it wrote; 0: it is not
 */
public record RestoreReport(
    String server,
    @Nullable SnapshotInfo snapshot,
    long changes,
    long tookMillis,
    long clockBackMillis) {}
