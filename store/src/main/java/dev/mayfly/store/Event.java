package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to one key.
 *
 * @param revision the mutation's revision; 0 for {@code ACCESSED}, which is none
 * @param index its place among the events of that mutation, from 0
 * @param timeMillis when, milliseconds since the epoch
 * @param client who did it; {@link ReservedKeys#SYSTEM_CLIENT} for the store itself
 * @param version the entry's version after it; before it, when the key is gone
 * @param contentType the content type a client gave, if any
 * @param valueSize the number of bytes in the value, also where {@code value} is null
 * @param value the value after the event, or the last one, when the key is gone; null when it was
 *     longer than the log keeps
 */
public record Event(
    long revision,
    int index,
    EventKind kind,
    byte[] key,
    long timeMillis,
    String client,
    long version,
    @Nullable String contentType,
    int valueSize,
    byte @Nullable [] value) {}
