package dev.mayfly.store;

/**
 * A number after a mutation: a sum, a length, or a bit that was there before.
 *
 * @param number the number
 * @param created whether the key did not exist before
 * @param revision the entry's modification revision now; 0 when there is no entry
 */
public record NumberResult(long number, boolean created, long revision) {}
