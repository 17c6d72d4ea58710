package dev.mayfly.store;

/**
 * What a delete did.
 *
 * @param deleted whether the key was removed
 * @param existed whether there was a key; with {@code deleted} false its condition did not hold
 * @param revision the revision of the removal; the entry's own, or 0 without one, when none was
 */
public record DeleteResult(boolean deleted, boolean existed, long revision) {}
