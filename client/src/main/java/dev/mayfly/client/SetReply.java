package dev.mayfly.client;

import org.jspecify.annotations.Nullable;

/**
 * What became of a set that was done.
 *
 * <p>Immutable; safe for concurrent use.
 *
 * @param isNew whether the key was not there before
 * @param etag names the state that the set made; null if the server sent none
 */
public record SetReply(boolean isNew, @Nullable String etag) {}
