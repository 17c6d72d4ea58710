package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * What a set did.
 *
 * @param applied whether the condition held
 * @param created whether the key did not exist before
 * @param revision the entry's modification revision now; that of the removal when the deadline
 *     given was past; 0 when there is no entry
 * @param previous the value before, when asked for and there was one
 */
public record SetResult(
    boolean applied, boolean created, long revision, byte @Nullable [] previous) {}
