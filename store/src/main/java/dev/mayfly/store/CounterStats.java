package dev.mayfly.store;

/**
 * What a store of counters and limits holds and did.
 *
 * @param namespaces how many namespaces have live events
 * @param keys how many keys, those of limits included
 * @param events how many events are live
 * @param usedBytes memory of all keys and their index
 * @param bytesMax how much that may be
 * @param hits how many hits were counted, whatever their times
 * @param takes how many takes were decided
 * @param denied how many of them were over their limit
 * @param refused how many hits and takes found no room
 * @param evicted how many keys had to make room
 * @param expired how many keys ended because their last event did
 * @param lagMillis how far expiry is behind now
 */
public record CounterStats(
    long namespaces,
    long keys,
    long events,
    long usedBytes,
    long bytesMax,
    long hits,
    long takes,
    long denied,
    long refused,
    long evicted,
    long expired,
    long lagMillis) {}
