package dev.mayfly.store;

/**
 * What a limit says to a take.
 *
 * @param allowed whether the caller may go on; always, in shadow mode
 * @param exceeded whether the take is more than the limit allows; then nothing was used
 * @param limit the most that can be taken at once, {@link Limit#capacity()}
 * @param remaining how much more may be taken now, the take's own part used
 * @param retryAfterMillis how long to wait until the same take is within the limit if nobody else
 *     takes; 0 if it was, {@link #NEVER} if it is more than the limit ever allows
 * @param resetAfterMillis how long until the key is as if it had never been used
 * @param lease names what was taken, for {@link Limits#release}; 0 but for concurrency
 */
public record TakeResult(
    boolean allowed,
    boolean exceeded,
    long limit,
    long remaining,
    long retryAfterMillis,
    long resetAfterMillis,
    long lease) {
  /** Waiting does not help. */
  public static final long NEVER = -1;
}
