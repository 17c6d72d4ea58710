package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * A key's state at one moment, copied out of the store. Immutable by contract: nobody writes to
 * {@code value} once it is here.
 *
 * @param value the part of the value that was asked for; empty when only metadata was
 * @param size the number of bytes in the whole value
 * @param revision the store's revision of the last mutation of this entry; above 0
 * @param version how often the value changed since the key was created, counted from 1
 * @param createdMillis milliseconds since the epoch
 * @param updatedMillis when the value last changed after the creation; 0 when it never did
 * @param deadlineMillis the first millisecond at which it exists no more; 0 without a lifespan
 * @param lifespanMillis the length of the lifespan; 0 without one
 * @param lifespanSetMillis when the lifespan began; 0 without one
 * @param lease the lease that the lifespan is that of; 0 when it has one of its own, or none
 * @param contentType the content type a client gave; null when none was, and it is to be detected
 *     from the value ({@link ContentTypes#detect})
 * @param lock the lock that is held, if any
 * @param metrics only when asked for and kept
 */
public record Entry(
    byte[] value,
    int size,
    long revision,
    long version,
    long createdMillis,
    long updatedMillis,
    long deadlineMillis,
    long lifespanMillis,
    long lifespanSetMillis,
    long lease,
    @Nullable String contentType,
    @Nullable Lock lock,
    @Nullable KeyMetrics metrics) {
  /** An entry of a view, with a copy of its whole value. */
  public static Entry copyOf(EntryView view) {
    return new Entry(
        view.value(),
        view.valueLength(),
        view.revision(),
        view.version(),
        view.createdMillis(),
        view.updatedMillis(),
        view.deadlineMillis(),
        view.lifespanMillis(),
        view.lifespanSetMillis(),
        view.lease(),
        view.contentType(),
        view.lock(),
        null);
  }

  /** Milliseconds until the deadline at this time, at least 0; -1 without a lifespan. */
  public long remainingMillis(long timeMillis) {
    return deadlineMillis == 0 ? -1 : Math.max(0, deadlineMillis - timeMillis);
  }
}
