package dev.mayfly.store;

/**
 * What the store holds and did, as of about now: each figure is true, together they are not one
 * moment's.
 *
 * @param keys how many keys exist
 * @param valueBytes the bytes of all their values
 * @param usedBytes the memory that entries, index and history take
 * @param usedBytesMax the limit on it
 * @param keysMax the limit on keys; 0: none
 * @param locks how many locks are held
 * @param lockWaiters how many wait for a lock
 * @param clients how many clients registered
 * @param lifespans how many keys have a deadline
 * @param historyKeys how many keys have older versions
 * @param historyVersions how many older versions there are
 * @param eventsByKind how many events were told since the start, at the kind's number
 * @param eagerPrunes how many prunes a create set off
 * @param prunes how many prunes completed
 * @param pruned how many keys were pruned, admission's evictions included
 * @param expiryLagMillis how late the expiry that lags most behind is now
 * @param revision the newest revision
 * @param readOnly whether writes are refused
 */
public record StoreStats(
    long keys,
    long valueBytes,
    long usedBytes,
    long usedBytesMax,
    long keysMax,
    long locks,
    long lockWaiters,
    long clients,
    long lifespans,
    long historyKeys,
    long historyVersions,
    long[] eventsByKind,
    long eagerPrunes,
    long prunes,
    long pruned,
    long expiryLagMillis,
    long revision,
    boolean readOnly) {
  /** How many events of this kind were told since the start. */
  public long events(EventKind kind) {
    return eventsByKind[kind.number()];
  }
}
