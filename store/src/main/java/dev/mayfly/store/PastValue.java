package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * One version of a value.
 *
 * @param version its number, counted from 1
 * @param revision the store's revision that made it
 * @param timeMillis when it was made, milliseconds since the epoch
 */
public record PastValue(
    byte[] value, @Nullable String contentType, long version, long revision, long timeMillis) {}
