package dev.mayfly.store;

/**
 * An advisory lease on a key, held by one client until its deadline.
 *
 * @param owner the client id that holds it
 * @param token the fencing token: the store's revision at which the lock was taken. It rises with
 *     every acquisition anywhere in the store and stays the same when the owner renews
 * @param createdMillis when it was taken, milliseconds since the epoch
 * @param deadlineMillis the first millisecond at which it is held no more
 */
public record Lock(String owner, long token, long createdMillis, long deadlineMillis) {
  /** Whether it is still held at this time. */
  public boolean isHeld(long timeMillis) {
    return timeMillis < deadlineMillis;
  }
}
