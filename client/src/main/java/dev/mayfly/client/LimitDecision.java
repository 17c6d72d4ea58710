package dev.mayfly.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a limit says to a take. Immutable.
 *
 * @param allowed whether to go on; always, in shadow mode
 * @param exceeded whether it is more than the limit allows; then nothing was used
 * @param limit the most that can be taken at once
 * @param remaining how much more may be taken now
 * @param retryAfter how long to wait until the same take is within the limit; null: never
 * @param resetAfter how long until the key is as if it had never been used
 * @param lease names what was taken, for its release; 0 but for concurrency
 */
public record LimitDecision(
    boolean allowed,
    boolean exceeded,
    long limit,
    long remaining,
    @Nullable Duration retryAfter,
    Duration resetAfter,
    long lease) {
  private static final int ALLOWED = 1;
  private static final int EXCEEDED = 2;
  private static final int LEASED = 4;

  static LimitDecision read(FrameReader in) {
    int flags = in.unsignedByte();
    long limit = in.varint();
    long remaining = in.varint();
    long retryAfterPlusOne = in.varint();
    long resetAfter = in.varint();
    long lease = (flags & LEASED) == 0 ? 0 : in.fixed64();
    return new LimitDecision(
        (flags & ALLOWED) != 0,
        (flags & EXCEEDED) != 0,
        limit,
        remaining,
        retryAfterPlusOne == 0 ? null : Duration.ofMillis(retryAfterPlusOne - 1),
        Duration.ofMillis(resetAfter),
        lease);
  }
}
