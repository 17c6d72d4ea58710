package dev.mayfly.store;

/**
 * How a lease stands.
 *
 * @param lease its number, above 0; never given again while the store is kept
 * @param lengthMillis how long it lasts from each renewal on
 * @param deadlineMillis when it ends unless it is renewed, milliseconds since the epoch
 * @param keys how many keys it has
 */
public record LeaseState(long lease, long lengthMillis, long deadlineMillis, int keys) {}
