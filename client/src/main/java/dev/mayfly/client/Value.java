package dev.mayfly.client;

import org.jspecify.annotations.Nullable;

/**
 * A value and what came with it.
 *
 * <p>Not safe to share while the bytes are changed; whoever got it owns the bytes.
 *
 * @param contentType as it was given or detected; null if the server sent none
 * @param etag names this state of the key, for conditional requests; null if the server sent none
 */
public record Value(byte[] bytes, @Nullable String contentType, @Nullable String etag) {}
