package dev.mayfly.store;

/**
 * What an unlock did.
 *
 * @param unlocked whether a lock was held and is released
 * @param revision the entry's modification revision now
 */
public record UnlockResult(boolean unlocked, long revision) {}
