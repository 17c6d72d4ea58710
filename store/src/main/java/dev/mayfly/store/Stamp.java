package dev.mayfly.store;

/**
 * Who asks and when: it travels with a request, so that whoever evaluates the request computes the
 * same. A door makes one per batch.
 *
 * @param timeMillis the time of the request, milliseconds since the epoch, 0 to 2^48-1
 * @param client the caller's client id; owner of the locks that it takes
 */
public record Stamp(long timeMillis, String client) {}
