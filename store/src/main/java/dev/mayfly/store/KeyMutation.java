package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * A request that may change one key, and the transition that says how: pure, so that every copy of
 * the key computes the same from the same entry, request and stamp.
 *
 * <p>Immutable records that can be marshalled; the arrays in them are not written to after they are
 * passed.
 *
 * @param <R> what the caller is told
 */
public sealed interface KeyMutation<R extends @Nullable Object>
    permits SetRequest,
        DeleteRequest,
        PopRequest,
        LockRequest,
        UnlockRequest,
        IncrementRequest,
        IncrementDecimalRequest,
        AppendRequest,
        SetRangeRequest,
        SetBitRequest,
        ExpireRequest,
        ReadAndExpireRequest,
        ReapRequest {
  /** The key it is about. */
  byte[] key();

  /** The lease that the key is to live on; 0: none. */
  default long lease() {
    return 0;
  }

  /**
   * Refuses what can be refused without looking at the entry.
   *
   * @throws MayflyException in the order: empty key, reserved, read-only, key length, value size,
   *     lock duration, lifespan
   */
  void requireValid(Bounds bounds, boolean readOnly);

  /**
   * Decides what happens to the entry.
   *
   * @param before the entry; null when the key does not exist
   * @param decision cleared; receives what is decided
   * @throws MayflyException when the request is refused; the decision is void then
   */
  void decide(@Nullable EntryView before, Stamp stamp, Decision decision);

  /**
   * What the caller is told.
   *
   * @param revision the revision of the mutation; the entry's own, or 0 without an entry, when the
   *     decision was to keep
   */
  R result(Decision decision, long revision);
}
