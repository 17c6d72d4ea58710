package dev.mayfly.store;

/**
 * What a change of lifespan did.
 *
 * @param changed whether the lifespan changed, or the key went because its deadline is past
 * @param existed whether there was a key
 * @param revision the entry's modification revision now; 0 when there was none
 */
public record ExpireResult(boolean changed, boolean existed, long revision) {}
