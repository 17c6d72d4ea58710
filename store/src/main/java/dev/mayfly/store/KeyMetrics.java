package dev.mayfly.store;

/**
 * How a key was used. Counts saturate at 2^32-1; times are milliseconds since the epoch, coarse to
 * ten milliseconds, 0 where it never happened. Reads are counted without a lock, so that concurrent
 * ones may be counted once.
 */
public record KeyMetrics(
    long accessCount,
    long firstAccessedMillis,
    long lastAccessedMillis,
    long setCount,
    long firstSetMillis,
    long lastSetMillis,
    long lockCount,
    long firstLockedMillis,
    long lastLockedMillis) {}
