package dev.mayfly.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is to be kept of a key, so that an engine can be given it back. Immutable by contract:
 * nobody writes to its arrays.
 *
 * @param revision the store's revision of the last mutation of this entry; above 0
 * @param version how often the value changed since the key was created, counted from 1
 * @param createdMillis milliseconds since the epoch, as all times here
 * @param updatedMillis when the value last changed after the creation; 0 when it never did
 * @param deadlineMillis when it ends; 0 without a lifespan. Of a key that is gone: when its history
 *     is forgotten
 * @param lifespanSetMillis when the lifespan began; 0 without one
 * @param lease the lease that it lives on, whose deadline is its own; 0: none
 * @param contentType the content type a client gave, if any
 * @param tracked whether history is kept of it
 * @param gone whether the key is gone and only its history is left; the value is empty then
 * @param lock the lock that is held, if any
 * @param metrics where they are kept
 * @param history the older versions, newest first
 */
public record SavedEntry(
    byte[] key,
    byte[] value,
    long revision,
    long version,
    long createdMillis,
    long updatedMillis,
    long deadlineMillis,
    long lifespanSetMillis,
    long lease,
    @Nullable String contentType,
    boolean tracked,
    boolean gone,
    @Nullable Lock lock,
    @Nullable KeyMetrics metrics,
    List<PastValue> history) {
  private static final int FIXED_BYTES = 120;

  /** Copies the list. */
  public SavedEntry {
    history = List.copyOf(history);
  }

  /** About how much memory it takes. */
  public long bytes() {
    long bytes = FIXED_BYTES + (long) key.length + value.length;
    for (PastValue past : history) {
      bytes += FIXED_BYTES + past.value().length;
    }
    return bytes;
  }
}
