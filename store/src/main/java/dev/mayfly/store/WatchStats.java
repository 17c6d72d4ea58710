package dev.mayfly.store;

/**
 * How watching goes, since the start but for {@code watchers}.
 *
 * @param watchers how many watches are open
 * @param gaps how many gap notices were told
 * @param missedRevisions how many mutations they stand for, where that is known
 * @param coalesced how many events gave way to a newer one of their key
 * @param droppedAccesses how many accesses were lost
 */
public record WatchStats(
    long watchers, long gaps, long missedRevisions, long coalesced, long droppedAccesses) {}
